using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Tells whether what an overlay has copied up differs from what it was copied from: opening a file for writing is enough for
/// a copy, and so is a change that was taken back.
/// </summary>
internal sealed class ItemComparison
{
    private readonly byte[] first = new byte[ItemAttributes.MaximumSize];
    private readonly byte[] second = new byte[ItemAttributes.MaximumSize];

    /// <summary>Compares two folders, without what is in them: their times only tell that something was.</summary>
    public bool IsSameFolder(FileDescriptor upper, FileStatus now, FileDescriptor lower, FileStatus before) =>
        (now.Permissions, now.Owner, now.Group) == (before.Permissions, before.Owner, before.Group) && HasSameAttributes(upper, lower);

    /// <summary>Compares two things that are no folders, content and all.</summary>
    public bool IsSame(FileDescriptor upper, FileStatus now, FileDescriptor lower, FileStatus before)
    {
        static object Known(FileStatus status) => (status.Mode, status.Owner, status.Group, status.Size, status.Modified, status.Major, status.Minor);
        if (!Known(now).Equals(Known(before)) || !HasSameAttributes(upper, lower))
            return false;
        if (now.IsLink)
            return Entries.ReadLink(upper).AsSpan().SequenceEqual(Entries.ReadLink(lower));
        return !now.IsRegular || OverlayMarks.HasNoContent(upper) || HasSameContent(upper, lower);
    }

    private bool HasSameContent(FileDescriptor upper, FileDescriptor lower)
    {
        using var now = Files.Open(upper.ProcPath, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_NOCTTY);
        using var before = Files.Open(lower.ProcPath, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_NOCTTY);
        for (long position = 0; ;)
        {
            var count = FileContent.ReadAt(now, first, position);
            if (count != FileContent.ReadAt(before, second.AsSpan(0, Math.Max(count, 1)), position))
                return false;
            if (count == 0)
                return true;
            if (!first.AsSpan(0, count).SequenceEqual(second.AsSpan(0, count)))
                return false;
            position += count;
        }
    }

    /// <summary>Extended attributes but those that belong to the place. Every one of the old ones has to be there, and as many as there were.</summary>
    private bool HasSameAttributes(FileDescriptor upper, FileDescriptor lower)
    {
        var before = Names(lower);
        if (Names(upper).Count != before.Count)
            return false;
        foreach (var name in before)
        {
            var length = ItemAttributes.TryGetExtended(lower, name, first);
            if (length != ItemAttributes.TryGetExtended(upper, name, second) || !first.AsSpan(0, length).SequenceEqual(second.AsSpan(0, length)))
                return false;
        }

        return true;
    }

    private List<byte[]> Names(FileDescriptor item)
    {
        var names = new List<byte[]>();
        var rest = first.AsSpan(0, ItemAttributes.ListExtended(item, first));
        while (!rest.IsEmpty)
        {
            var name = rest[..(rest.IndexOf((byte)0) + 1)];
            rest = rest[name.Length..];
            if (!AttributeCopier.BelongsToPlace(name))
                names.Add(name.ToArray());
        }

        return names;
    }
}
