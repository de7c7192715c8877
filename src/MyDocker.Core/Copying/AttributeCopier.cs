using MyDocker.Interop;

namespace MyDocker;

/// <summary>Gives a copy the owner, mode, times and extended attributes (ACLs and capabilities among them) of what it was made from.</summary>
internal sealed class AttributeCopier
{
    /// <summary>S_ISUID and S_ISGID, which mean something with the right owner only; see inode(7).</summary>
    private const uint SetIdBits = 0xC00;

    private readonly byte[] names = new byte[ItemAttributes.MaximumSize];
    private readonly byte[] value = new byte[ItemAttributes.MaximumSize];

    /// <summary>Whether an owner or an extended attribute was lost, as the file system that was copied to can't keep it.</summary>
    public bool HasLostAttributes { get; private set; }

    /// <summary>Copies them all.</summary>
    /// <param name="source">Where extended attributes are read.</param>
    /// <param name="status">What the rest shall be.</param>
    /// <param name="target">What gets them.</param>
    public void Copy(FileDescriptor source, FileStatus status, FileDescriptor target)
    {
        // In this order: a change of the owner takes set-user-ID bits and capabilities away, and every change sets the times.
        var isOwned = ItemAttributes.TrySetOwner(target, status.Owner, status.Group);
        HasLostAttributes |= !isOwned;
        CopyExtended(source, target);
        if (!status.IsLink)
            ItemAttributes.SetPermissions(target, isOwned ? status.Permissions : status.Permissions & ~SetIdBits);
        ItemAttributes.SetTimes(target, status.Accessed, status.Modified);
    }

    private void CopyExtended(FileDescriptor source, FileDescriptor target)
    {
        var rest = names.AsSpan(0, ItemAttributes.ListExtended(source, names));
        while (!rest.IsEmpty)
        {
            var name = rest[..(rest.IndexOf((byte)0) + 1)];
            rest = rest[name.Length..];
            if (BelongsToPlace(name))
                continue;
            var length = ItemAttributes.TryGetExtended(source, name, value);
            if (length >= 0)
                HasLostAttributes |= !ItemAttributes.TrySetExtended(target, name, value.AsSpan(0, length));
        }
    }

    /// <summary>What an overlay keeps for itself, and SELinux's label, which depends on where a file is.</summary>
    internal static bool BelongsToPlace(ReadOnlySpan<byte> name) =>
        OverlayMarks.IsOwnAttribute(name) || name.SequenceEqual("security.selinux\0"u8);
}
