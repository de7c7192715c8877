using MyDocker.Interop;

namespace MyDocker;

/// <summary>Copies what is in a file, holes as holes, and no more than it had when the copy began: a file that grows all the time has an end.</summary>
internal sealed class ContentCopier(Action<long> advance)
{
    private const int BufferSize = 512 * 1024;

    /// <summary>At once by the kernel: small enough for Ctrl-C to be heard soon.</summary>
    private const long RangeSize = 16 * 1024 * 1024;

    /// <summary>Files of /proc say that they are empty; one that never ends must not fill the disk.</summary>
    private const long MaximumOfSizeless = 256 * 1024 * 1024;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private bool kernelCan = true;

    /// <summary>Copies everything.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="size">The size it says it has.</param>
    /// <param name="target">Empty, and open for writing.</param>
    public void Copy(FileDescriptor source, long size, FileDescriptor target)
    {
        if (size == 0)
        {
            if (ReadAndWrite(source, target, 0, MaximumOfSizeless) == MaximumOfSizeless)
                throw new IOException("it says that it is empty, and yet has more than 256 MB.");
            return;
        }

        long position = 0;
        while (position < size)
        {
            if (FileContent.NextData(source, position, size) is not { } data)
            {
                // A hole up to the end, or an end that has come nearer.
                Files.Truncate(target, Math.Min(size, Files.Status(source).Size));
                return;
            }

            position = CopyRange(source, target, data.From, data.To);
            if (position < data.To)
                return;
        }
    }

    /// <summary>Copies a part without holes and returns where it ended.</summary>
    private long CopyRange(FileDescriptor source, FileDescriptor target, long from, long to)
    {
        while (kernelCan && from < to)
        {
            var copied = FileContent.TryCopyRange(source, target, from, Math.Min(RangeSize, to - from));
            kernelCan = copied >= 0;
            // Some file systems say 0 and mean that they can't.
            if (copied <= 0)
                break;
            from += copied;
            advance(copied);
        }

        return ReadAndWrite(source, target, from, to);
    }

    private long ReadAndWrite(FileDescriptor source, FileDescriptor target, long from, long to)
    {
        while (from < to)
        {
            var count = FileContent.ReadAt(source, buffer.AsSpan(0, (int)Math.Min(BufferSize, to - from)), from);
            if (count == 0)
                break;
            FileContent.WriteAt(target, buffer.AsSpan(0, count), from);
            from += count;
            advance(count);
        }

        return from;
    }
}
