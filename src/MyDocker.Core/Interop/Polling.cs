using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>poll(2), eventfd(2) and inotify(7): waiting for things to happen, never by sleeping in a loop.</summary>
internal static unsafe partial class Polling
{
    public const short POLLIN = 1;
    public const short POLLOUT = 4;

    /// <summary>Waits until one entry is ready or the time is over.</summary>
    /// <param name="entries">What to watch; an entry whose descriptor is negative is left out.</param>
    /// <param name="timeout">How long; null is for ever.</param>
    /// <returns>The number of ready entries; 0 when the time is over.</returns>
    public static int Wait(Span<Entry> entries, TimeSpan? timeout = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var milliseconds = -1;
            if (timeout is { } limit)
            {
                var left = limit - Stopwatch.GetElapsedTime(started);
                // Rounded up: a wait that ends a fraction early would spin through the rest of it.
                milliseconds = left <= TimeSpan.Zero ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(left.TotalMilliseconds));
            }

            int ready;
            fixed (Entry* start = entries)
                ready = PollRaw(start, (nuint)entries.Length, milliseconds);
            if (ready >= 0)
                return ready;
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                throw SyscallException.FromLastError("poll");
        }
    }

    /// <summary>Waits for one descriptor to become readable; false when the time is over.</summary>
    public static bool WaitReadable(FileDescriptor file, TimeSpan? timeout = null)
    {
        Span<Entry> entries = [new Entry { Descriptor = file.Number, Events = POLLIN }];
        return Wait(entries, timeout) > 0;
    }

    /// <summary>Waits for one descriptor to become readable, or for Ctrl-C.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static void WaitReadable(FileDescriptor file, CancellationToken cancellation)
    {
        using var cancelled = CreateEvent();
        using var registration = cancellation.Register(() => SetEvent(cancelled));
        Span<Entry> entries = [new Entry { Descriptor = file.Number, Events = POLLIN }, new Entry { Descriptor = cancelled.Number, Events = POLLIN }];
        _ = Wait(entries);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Makes an eventfd(2), the smallest thing that one thread can poll and another can set off.</summary>
    public static FileDescriptor CreateEvent()
    {
        var descriptor = EventFdRaw(0, EFD_CLOEXEC | EFD_NONBLOCK);
        return descriptor >= 0 ? new FileDescriptor(descriptor) : throw SyscallException.FromLastError("eventfd");
    }

    /// <summary>Makes an eventfd readable.</summary>
    public static void SetEvent(FileDescriptor eventDescriptor)
    {
        ulong one = 1;
        _ = Files.TryWrite(eventDescriptor.Number, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in one)));
    }

    /// <summary>Makes an eventfd unreadable again.</summary>
    public static void ClearEvent(FileDescriptor eventDescriptor)
    {
        ulong count = 0;
        _ = Files.TryRead(eventDescriptor.Number, MemoryMarshal.AsBytes(new Span<ulong>(ref count)));
    }

    /// <summary>Stands for "too much happened to list it"; see IN_Q_OVERFLOW in inotify(7).</summary>
    public const int Overflow = -1;

    /// <summary>A file in the folder is written to.</summary>
    public const uint IN_MODIFY = 0x2;

    /// <summary>A name appears in the folder by rename.</summary>
    public const uint IN_MOVED_TO = 0x80;

    /// <summary>A file is made in the folder.</summary>
    public const uint IN_CREATE = 0x100;

    /// <summary>Makes a watch for what happens in folders; see inotify(7).</summary>
    public static FileDescriptor CreateFolderWatch()
    {
        var descriptor = InotifyInitRaw(IN_CLOEXEC | IN_NONBLOCK);
        return descriptor >= 0 ? new FileDescriptor(descriptor) : throw SyscallException.FromLastError("inotify_init1");
    }

    /// <summary>Adds a folder and returns the number that stands for it.</summary>
    /// <param name="watch">The watch.</param>
    /// <param name="path">The folder.</param>
    /// <param name="events">What to watch for.</param>
    public static int AddToFolderWatch(FileDescriptor watch, string path, uint events = IN_MOVED_TO)
    {
        var number = InotifyAddWatchRaw(watch.Number, path, events);
        return number >= 0 ? number : throw SyscallException.FromLastError("inotify_add_watch", path);
    }

    /// <summary>Takes a folder out again; one that was deleted is out already.</summary>
    public static void RemoveFromFolderWatch(FileDescriptor watch, int number) => _ = InotifyRemoveWatchRaw(watch.Number, number);

    /// <summary>The numbers of the folders in which something happened since the last call.</summary>
    public static List<int> ReadFolderWatch(FileDescriptor watch)
    {
        var numbers = new List<int>();
        var buffer = new byte[4096];
        nint length;
        while ((length = Files.TryRead(watch.Number, buffer)) > 0)
        {
            // struct inotify_event: watch (4), mask (4), cookie (4), length of the name (4), the name.
            for (var at = 0; at < length; at += 16 + BitConverter.ToInt32(buffer, at + 12))
                numbers.Add(BitConverter.ToInt32(buffer, at));
        }

        return numbers;
    }

    private const int EFD_CLOEXEC = Files.O_CLOEXEC;
    private const int EFD_NONBLOCK = Files.O_NONBLOCK;
    private const int IN_CLOEXEC = Files.O_CLOEXEC;
    private const int IN_NONBLOCK = Files.O_NONBLOCK;

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollRaw(Entry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFdRaw(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInitRaw(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InotifyAddWatchRaw(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    private static partial int InotifyRemoveWatchRaw(int descriptor, int watch);

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Entry
    {
        public int Descriptor;
        public short Events;
        public short Ready;
    }
}
