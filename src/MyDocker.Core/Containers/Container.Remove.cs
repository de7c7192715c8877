using MyDocker.Interop;

namespace MyDocker;

/// <summary>Removing a container.</summary>
public sealed partial class Container
{
    /// <summary>Takes the container out of every list at once, then deletes its files.</summary>
    /// <param name="force">Kill it first if it is running, and remove it even if its state files are broken.</param>
    /// <param name="cancellation">Ends a wait for the container's end or its lock.</param>
    /// <exception cref="ContainerException">ContainerRunning without <paramref name="force"/>; ContainerStopTimeout.</exception>
    public void Remove(bool force, CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Removing a container");
        if (force)
            KillAndWait(cancellation);
        // Made with -AutoRemove, it has removed itself as it ended.
        if (force && Spec.AutoRemove && !Directory.Exists(Folder))
            return;
        using (Lock(cancellation))
        {
            if (IsAliveOrBroken(force))
            {
                throw new ContainerException(
                    ContainerError.ContainerRunning,
                    $"Container '{Name}' is running: stop it first (Stop-Container {Name}), or use -Force.",
                    Name);
            }

            // The group first: without the folder nobody would know whose it was.
            ReleaseCgroup();
            Store.Retire(this, Store.RemovedFolder);
        }

        DeleteRetired();
    }

    /// <summary>
    /// What the monitor does at the end of a container made with -AutoRemove. Its exit record, written last, stays for a while
    /// for those who wait for it: whoever sees that record may use the name again.
    /// </summary>
    internal void RetireAutomatically(Action recordExit)
    {
        // The lock goes along with the folder, so no sweeper takes it before the record is in it.
        using (Lock())
        {
            Store.Retire(this, Store.EndedFolder);
            recordExit();
        }

        foreach (var name in (string[])["layer", "base", Bundle.RootFolder])
            FolderRemoval.Remove($"{Store.EndedFolder}/{Id}/{name}");
    }

    /// <summary>Deletes the exit record of a container that has removed itself: nobody else waits for it.</summary>
    internal void ForgetEnd() => FolderRemoval.Remove($"{Store.EndedFolder}/{Id}");

    private void DeleteRetired()
    {
        var folder = $"{Store.RemovedFolder}/{Id}";
        try
        {
            using var held = FolderLock.TryAcquire(folder);
            if (held is not null)
                FolderRemoval.Remove(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // A sweeper was faster.
        }
    }

    private void KillAndWait(CancellationToken cancellation)
    {
        try
        {
            using var stopper = new ContainerStopper(new StopOptions(Force: true), _ => { }, cancellation);
            stopper.Begin(this);
            foreach (var _ in stopper.WaitForAll((_, failure) => throw failure))
            {
                // Ended: that is all we wait for.
            }
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.ContainerStateInvalid)
        {
            // What its broken files don't tell, its control group does: ReleaseCgroup kills all that is in it.
        }
    }

    private bool IsAliveOrBroken(bool force)
    {
        try
        {
            var seen = Observe();
            return seen.Status.IsAlive() || seen.StartUnderway is not null;
        }
        catch (ContainerException exception) when (force && exception.Error == ContainerError.ContainerStateInvalid)
        {
            return false;
        }
    }
}
