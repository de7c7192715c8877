using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>What every cmdlet shares: the store, Ctrl-C, and the way from a failure to an error record.</summary>
public abstract class ContainerCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The store that the environment names.</summary>
    protected ContainerStore Store { get; } = ContainerStore.FromEnvironment();

    /// <summary>Set off by Ctrl-C.</summary>
    protected CancellationToken Stopped => stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds; PowerShell calls it at the end of the pipeline, however that comes.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            stopping.Dispose();
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => stopping.Cancel();

    /// <summary>Does something with one item; its failure is a non-terminating error, and the next item comes.</summary>
    protected bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ContainerException exception)
        {
            WriteContainerError(exception);
        }
        catch (IOException exception)
        {
            WriteContainerError(new ContainerException(ContainerError.ContainerStateInvalid, exception.Message, null, exception));
        }
        catch (UnauthorizedAccessException exception)
        {
            WriteContainerError(new ContainerException(ContainerError.AccessDenied, exception.Message, null, exception));
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends, and what is true is written down already.
            throw new PipelineStoppedException();
        }

        return false;
    }

    /// <summary>Reports a failure of one item.</summary>
    protected void WriteContainerError(ContainerException exception) => WriteError(ErrorMapping.ToErrorRecord(exception));
}
