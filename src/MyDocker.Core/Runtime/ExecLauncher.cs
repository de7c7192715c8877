using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>Starts the helper that executes a command inside a container; see <see cref="ExecChannel"/>.</summary>
internal static class ExecLauncher
{
    /// <summary>Has a command executed, and comes back when it is.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning, CommandNotFound, ContainerCommandFailed, InvalidArgument.</exception>
    public static ExecSession Start(Container container, ExecRequest request, Action<string> warn, CancellationToken cancellation)
    {
        var session = new ExecSession(container.Name);
        try
        {
            var (report, terminal) = Launch(container, request, session, cancellation)
                ?? throw ExecSession.HelperGone(container.Name);
            session.TakeTerminal(terminal);
            if (report.Error is not null)
                throw report.ToException(container.Name);
            foreach (var warning in report.Warnings)
                warn(warning);
            if (request.Detach)
                session.Detach();
            return session;
        }
        catch (JsonException exception)
        {
            session.Dispose();
            throw new ContainerException(ContainerError.ContainerCommandFailed, $"The helper said what makes no sense: {exception.Message}", container.Name, exception);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static (StartReport Report, FileDescriptor? Terminal)? Launch(
        Container container, ExecRequest request, ExecSession session, CancellationToken cancellation)
    {
        var program = HelperImage.Current;
        using var nothing = Files.Open("/dev/null", Files.O_RDWR);
        using var wish = Channels.CreateMemoryFile("mydocker-exec-request");
        Files.Write(wish, StoredJson.ToBytes(request, isIndented: false));
        var (ours, theirs) = Channels.CreateSocketPair();
        session.Channel = new ExecChannel(ours);
        using (theirs)
        {
            var (input, output, error) = (nothing, nothing, nothing);
            if (request is { Terminal: null, Detach: false })
                (input, output, error) = session.MakePipes(request.HasInput ? null : nothing);
            string[] arguments = [HelperImage.FileName, ExecChannel.Verb, container.Name, container.Id, container.Store.Root, container.Store.Run];
            ChildReaper.Track(Spawning.StartDetached(program, arguments, [], [input, output, error, theirs, wish]));
            session.CloseTheirEnds();
        }

        session.WaitForChannel(cancellation);
        return session.Channel.ReceiveStarted();
    }
}
