using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Copies one item with all below it. Both trees are walked folder by folder, each opened by its name in the one above and used by
/// descriptor from then on: a link that is put in the place of a folder meanwhile is met as the link it is (CVE-2018-15664,
/// CVE-2019-10152). Devices and fifos are copied as such, and never opened.
/// </summary>
internal sealed class TreeCopier : IDisposable
{
    private const uint OwnerOnly = 0x1C0; // 0700

    private const string ReadOnly =
        "it would lie on a read-only file system: a container made with -ReadOnly, a volume that is read-only, or, in one that does not run, "
        + "a file system that is there only while it does.";

    private readonly (ItemRoot Root, string Path) from;
    private readonly (ItemRoot Root, string Path) to;
    private readonly FileDescriptor top;
    private readonly ICopyObserver observer;
    private readonly CopyMeter meter;
    private readonly ContentCopier content;
    private readonly AttributeCopier attributes = new();
    private readonly HardLinks links;
    private readonly Stack<Step> steps = new();
    private FileIdentity? firstTarget;

    /// <param name="from">The source's root, and the path for messages.</param>
    /// <param name="to">The same of the destination.</param>
    /// <param name="top">The folder that everything goes into.</param>
    /// <param name="observer">Told of items that could not be copied.</param>
    /// <param name="meter">Counts.</param>
    public TreeCopier((ItemRoot Root, string Path) from, (ItemRoot Root, string Path) to, FileDescriptor top, ICopyObserver observer, CopyMeter meter)
    {
        (this.from, this.to, this.top, this.observer, this.meter) = (from, to, top, observer, meter);
        content = new ContentCopier(meter.Advance);
        links = new HardLinks(top);
    }

    /// <summary>Copies an item into the top folder, under a name.</summary>
    public void Copy(FileDescriptor item, byte[] name)
    {
        Attempt([], () => CopyItem(item, top, name));
        Walk();
    }

    /// <summary>Copies what is in a folder right into the top folder, which stays as it is itself.</summary>
    public void CopyContent(FileDescriptor folder)
    {
        firstTarget = Files.Status(top).Identity;
        if (Files.Status(folder).Identity == firstTarget)
            throw IntoItself([]);
        steps.Push(new Step([], Entries.OpenForListing(folder), Entries.OpenForListing(top), null));
        Walk();
    }

    public void Dispose()
    {
        while (steps.TryPop(out var step))
            step.Dispose();
    }

    private void Walk()
    {
        while (steps.TryPeek(out var step))
        {
            byte[] name = [];
            Attempt([], () => name = step.Listing.Next().ToArray());
            if (name.Length > 0)
            {
                Attempt(name, () => CopyEntry(step, name));
                continue;
            }

            Attempt([], () => Leave(step));
            steps.Pop().Dispose();
        }

        if (attributes.HasLostAttributes)
            observer.Warn($"Owners or extended attributes were lost: '{to.Path}' is on a file system that can't keep all of them.");
    }

    private void CopyEntry(Step step, byte[] name)
    {
        using var item = Entries.TryOpen(step.Source, name, Files.O_PATH);
        if (item is not null)
            CopyItem(item, step.Target, name);
        // What was deleted since it was listed is not there to be copied.
        else if (Marshal.GetLastPInvokeError() != Errno.ENOENT)
            throw SyscallException.FromLastError("openat");
    }

    private void CopyItem(FileDescriptor item, FileDescriptor folder, byte[] name)
    {
        var status = Files.Status(item);
        if (status.IsFolder)
            Enter(item, status, folder, name);
        else if (status.Links < 2)
            CopyLeaf(item, status, folder, name);
        else if (!links.TryAddName(status, folder, name))
        {
            CopyLeaf(item, status, folder, name);
            links.Remember(status, CurrentFolder(), name);
        }

        meter.Count();
    }

    /// <summary>Goes on in a folder; one that is there already keeps its owner, mode and times.</summary>
    private void Enter(FileDescriptor item, FileStatus status, FileDescriptor folder, byte[] name)
    {
        if (status.Identity == firstTarget)
            throw IntoItself(name);
        var errno = Entries.TryMakeFolder(folder, name, OwnerOnly);
        if (errno is not (0 or Errno.EEXIST))
            throw new SyscallException("mkdirat", errno);
        var target = Entries.TryOpen(folder, name, Files.O_RDONLY | Files.O_DIRECTORY);
        if (target is null)
        {
            throw Marshal.GetLastPInvokeError() is Errno.ENOTDIR or Errno.ELOOP
                ? Failure(name, "there is something in its place that is not a folder.")
                : SyscallException.FromLastError("openat");
        }

        firstTarget ??= Files.Status(target).Identity;
        steps.Push(new Step(name, Entries.OpenForListing(item), target, errno == 0 ? status : null));
        from.Root.RequireWhole();
        to.Root.RequireWhole();
    }

    /// <summary>Last of all, as everything that is made in it changes its times, and its mode might forbid that.</summary>
    private void Leave(Step step)
    {
        if (step.NewStatus is { } status)
            attributes.Copy(step.Source, status, step.Target);
    }

    private void CopyLeaf(FileDescriptor item, FileStatus status, FileDescriptor folder, byte[] name)
    {
        using var made = status.IsRegular ? UnfinishedEntry.MakeFile(folder)
            : status.IsLink ? UnfinishedEntry.MakeLink(folder, Entries.ReadLink(item))
            : UnfinishedEntry.MakeNode(folder, status);
        // What was seen to be a file is opened, whatever has its name now: no device, no fifo to wait at.
        using var file = status.IsRegular ? Files.Open(item.ProcPath, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_NOCTTY) : null;
        if (file is not null)
            content.Copy(file, status.Size, made.Item);
        attributes.Copy(file ?? item, status, made.Item);
        switch (made.TryPublish(name))
        {
            case 0:
                return;
            case Errno.EISDIR or Errno.ENOTEMPTY or Errno.EEXIST:
                throw Failure(name, "there is a folder in its place.");
            case var errno:
                throw new SyscallException("rename", errno);
        }
    }

    /// <summary>Does something with one item; that it fails keeps the others only where they would fail as well.</summary>
    private void Attempt(byte[] name, Action action)
    {
        try
        {
            action();
        }
        catch (ContainerException exception) when (exception.Error != ContainerError.ContainerNotRunning)
        {
            observer.Failed(exception);
        }
        catch (IOException exception)
        {
            var errno = (exception as SyscallException)?.Errno;
            var failure = Failure(name, errno == Errno.EROFS ? ReadOnly : exception.Message, exception);
            if (errno is Errno.ENOSPC or Errno.EDQUOT)
                throw failure;
            observer.Failed(failure);
        }
    }

    private ContainerException Failure(byte[] name, string reason, Exception? inner = null)
    {
        var below = TextBelow(name);
        return new ContainerException(
            ContainerError.CopyFailed, $"'{from.Path}{below}' could not be copied to '{to.Path}{below}': {reason}", from.Path + below, inner);
    }

    private ContainerException IntoItself(byte[] name) =>
        ContainerException.Invalid($"'{from.Path}{TextBelow(name)}' is where the copy goes: a folder can't be copied into itself.", from.Path);

    /// <summary>The folder we are in and a name in it, as they are below both sides' paths.</summary>
    private string TextBelow(byte[] name) => string.Concat(
        steps.Reverse().Skip(1).Select(step => step.Name).Append(steps.Count > 0 ? name : []).Where(part => part.Length > 0).Select(part => $"/{Entries.Text(part)}"));

    /// <summary>The folder we are in, seen from the top one, with a zero at the end.</summary>
    private byte[] CurrentFolder()
    {
        var path = new List<byte> { (byte)'.' };
        foreach (var step in steps.Reverse().Where(step => step.Name.Length > 0))
        {
            path.Add((byte)'/');
            path.AddRange(step.Name.AsSpan()[..^1]);
        }

        return [.. path, 0];
    }

    /// <summary>A folder that is being copied.</summary>
    /// <param name="Name">Its name in the one above; empty for the top folder itself.</param>
    /// <param name="Source">It.</param>
    /// <param name="Target">Its copy.</param>
    /// <param name="NewStatus">What the copy is to be like, where we have made it.</param>
    private sealed record Step(byte[] Name, FileDescriptor Source, FileDescriptor Target, FileStatus? NewStatus) : IDisposable
    {
        public FolderListing Listing { get; } = new(Source);

        public void Dispose()
        {
            Source.Dispose();
            Target.Dispose();
        }
    }
}
