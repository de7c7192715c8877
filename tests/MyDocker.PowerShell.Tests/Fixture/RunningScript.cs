using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace MyDocker.Tests.Fixture;

/// <summary>A script that runs while the test does something else.</summary>
internal sealed class RunningScript : IDisposable
{
    private readonly PowerShell shell;
    private readonly PSDataCollection<PSObject> output = [];
    private readonly IAsyncResult running;

    public RunningScript(Runspace runspace, string script, object?[] arguments)
    {
        shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        running = shell.BeginInvoke<PSObject, PSObject>(null, output);
    }

    public bool IsCompleted => running.IsCompleted;

    /// <summary>What has come out so far.</summary>
    public IReadOnlyList<PSObject> Output
    {
        get
        {
            // More may be added while it is copied.
            lock (((ICollection)output).SyncRoot)
                return [.. output];
        }
    }

    /// <summary>What Ctrl-C does; comes back when the pipeline has ended.</summary>
    public void Stop() => shell.Stop();

    public Outcome Wait()
    {
        List<ErrorRecord> terminating = [];
        try
        {
            shell.EndInvoke(running);
        }
        catch (RuntimeException exception)
        {
            terminating.Add(exception.ErrorRecord);
        }

        return new Outcome(
            [.. output],
            [.. shell.Streams.Error, .. terminating],
            [.. shell.Streams.Verbose.Select(record => record.Message)],
            [.. shell.Streams.Warning.Select(record => record.Message)]);
    }

    public void Dispose()
    {
        shell.Dispose();
        output.Dispose();
    }
}
