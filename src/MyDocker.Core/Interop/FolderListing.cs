using System.Buffers.Binary;

namespace MyDocker.Interop;

/// <summary>The names in an open folder, a few at a time, as bytes; see getdents64(2).</summary>
internal sealed unsafe class FolderListing(FileDescriptor folder)
{
    private const int NameOffset = 19;

    private readonly byte[] buffer = new byte[8 * 1024];
    private int length;
    private int position;

    /// <summary>The next name with its zero at the end, valid until the next call; empty when there is none left.</summary>
    public ReadOnlySpan<byte> Next()
    {
        while (true)
        {
            if (position == length && !ReadMore())
                return default;
            // struct linux_dirent64: inode (8), offset (8), length of the entry (2), type (1), the name with its zero byte.
            var entry = buffer.AsSpan(position, BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(position + 16)));
            position += entry.Length;
            var name = entry[NameOffset..];
            name = name[..(name.IndexOf((byte)0) + 1)];
            if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
                return name;
        }
    }

    /// <summary>All the names that are left, in the order of their bytes.</summary>
    public List<byte[]> SortedNames()
    {
        var names = new List<byte[]>();
        for (var name = Next(); !name.IsEmpty; name = Next())
            names.Add(name.ToArray());
        names.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }

    private bool ReadMore()
    {
        fixed (byte* start = buffer)
        {
            var count = Files.Syscall(SyscallNumbers.GetDirectoryEntries, folder.Number, (nint)start, buffer.Length);
            if (count < 0)
                throw SyscallException.FromLastError("getdents64");
            (position, length) = (0, (int)count);
            return count > 0;
        }
    }
}
