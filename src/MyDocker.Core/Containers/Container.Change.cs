using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Changing what a container may use, and how it is stopped. Limits are in three places: container.json, config.json (all that a
/// start reads), and the control group of a live one. container.json comes first, with a mark that the others may not be there yet:
/// whoever finds the mark under the lock finishes what a killed command has begun.
/// </summary>
public sealed partial class Container
{
    /// <summary>Changes limits, the stop signal and the stop time-out, of a container that runs or does not; other changes are not looked at.</summary>
    /// <param name="change">From what is asked for now to what shall be.</param>
    /// <param name="cancellation">Ends a wait for the container's lock.</param>
    /// <exception cref="ContainerException">InvalidArgument; LimitRefused when the kernel does. Nothing is changed then.</exception>
    public ContainerInfo Change(Func<ContainerSpec, ContainerSpec> change, CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Changing a container");
        using var held = Lock(cancellation);
        FinishChange();
        Reload();
        var before = Spec;
        var after = change(before);
        SpecValidation.Check(after.Limits);
        if (after.Limits != before.Limits)
            ChangeLimits(before, after);
        else if (after.StopSignal != before.StopSignal || after.StopTimeoutSeconds != before.StopTimeoutSeconds)
            StoreSpec(after, isChanging: false);
        return Inspect();
    }

    /// <summary>Finishes a change that a killed command has left half done; the caller holds the container's lock.</summary>
    internal void FinishChange()
    {
        Reload();
        if (Record.IsChanging != true)
            return;
        try
        {
            UpdateCgroup(null, Spec);
        }
        catch (IOException)
        {
            // What the kernel refuses a live container, it gets at its next start.
        }

        RewriteBundle(Spec);
        StoreSpec(Spec, isChanging: false);
    }

    private void ChangeLimits(ContainerSpec before, ContainerSpec after)
    {
        StoreSpec(after, isChanging: true);
        try
        {
            UpdateCgroup(before, after);
            RewriteOrRevert(before, after);
        }
        catch (Exception exception) when (exception is IOException or ContainerException)
        {
            StoreSpec(before, isChanging: false);
            throw exception is SyscallException refusal ? Refused(after, refusal) : exception;
        }

        StoreSpec(after, isChanging: false);
    }

    private void RewriteOrRevert(ContainerSpec before, ContainerSpec after)
    {
        try
        {
            RewriteBundle(after);
        }
        catch
        {
            UpdateCgroup(after, before);
            throw;
        }
    }

    private void UpdateCgroup(ContainerSpec? before, ContainerSpec after)
    {
        if (!Observe().Status.IsAlive())
            return;
        try
        {
            Cgroup.Update(before is null ? null : Bundle.Resources(before), Bundle.Resources(after));
        }
        catch (IOException) when (!Observe().Status.IsAlive())
        {
            // It ended meanwhile, and its group is gone: the next start gets the limits from config.json.
        }
    }

    private void RewriteBundle(ContainerSpec spec)
    {
        var path = $"{Folder}/{BundleFile}";
        var bytes = JsonFile.TryRead(path, bundle => BundleLimits.Replace(bundle, Bundle.Resources(spec)))
            ?? throw new ContainerException(ContainerError.ContainerStateInvalid, $"'{path}' is missing. Restore it, or remove the container.", path);
        JsonFile.Replace(path, bytes);
    }

    /// <summary>The record is also written by Rename-Container, under the lock of all names.</summary>
    private void StoreSpec(ContainerSpec spec, bool isChanging)
    {
        using var names = FolderLock.Acquire(Store.NamesFolder);
        Reload();
        ReplaceRecord(Record with { Spec = spec, IsChanging = isChanging ? true : null });
    }

    private ContainerException Refused(ContainerSpec after, SyscallException refusal) => new(
        ContainerError.LimitRefused,
        refusal.Errno == Errno.EBUSY && refusal.Subject?.Contains("/memory.", StringComparison.Ordinal) == true
            ? $"Container '{Name}' keeps its limits: it uses more than {ByteSize.ToText(after.Limits.Memory)} of memory, and the kernel could not free enough."
            : $"Container '{Name}' keeps its limits, as the kernel refuses the new ones ({refusal.Subject}: {Marshal.GetPInvokeErrorMessage(refusal.Errno)}).",
        Name,
        refusal);
}
