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
        var (ours, theirs) = Channels.CreateSocketPair();
        var pipes = request is { Terminal: null, Detach: false } ? new StandardPipes(request.HasInput) : null;
        var session = new ExecSession(container.Name, new ExecChannel(ours), pipes, cancellation);
        try
        {
            using (theirs)
                Launch(container, request, pipes, theirs);
            pipes?.CloseTheirs();
            session.WaitForChannel();
            var (report, terminal) = session.Channel.ReceiveStarted() ?? throw ExecSession.HelperGone(container.Name);
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

    private static void Launch(Container container, ExecRequest request, StandardPipes? pipes, FileDescriptor channel)
    {
        var program = HelperImage.Current;
        using var nothing = Files.Open("/dev/null", Files.O_RDWR);
        using var wish = Channels.CreateMemoryFile("mydocker-exec-request");
        Files.Write(wish, StoredJson.ToBytes(request, isIndented: false));
        string[] arguments = [HelperImage.FileName, ExecChannel.Verb, container.Name, container.Id, container.Store.Root, container.Store.Run];
        var (input, output, error) = pipes?.Theirs ?? (nothing, nothing, nothing);
        ChildReaper.Track(Spawning.StartDetached(program, arguments, [], [input ?? nothing, output, error, channel, wish]));
    }
}
