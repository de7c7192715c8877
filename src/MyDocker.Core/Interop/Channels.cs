using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>pipe(2), socketpair(2), memfd_create(2) and passing descriptors over a socket (unix(7)).</summary>
internal static unsafe partial class Channels
{
    /// <summary>A pipe: what is written to the second end is read from the first.</summary>
    public static (FileDescriptor Read, FileDescriptor Write) CreatePipe()
    {
        var ends = stackalloc int[2];
        if (Pipe2Raw(ends, Files.O_CLOEXEC) != 0)
            throw SyscallException.FromLastError("pipe2");
        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <summary>How many bytes a pipe holds; see FIONREAD in pipe(7).</summary>
    public static int CountUnread(FileDescriptor pipe)
    {
        int count;
        return IoctlRaw(pipe.Number, FIONREAD, &count) == 0 ? count : throw SyscallException.FromLastError("ioctl", "FIONREAD");
    }

    /// <summary>Two connected sockets that keep message boundaries.</summary>
    public static (FileDescriptor First, FileDescriptor Second) CreateSocketPair()
    {
        var ends = stackalloc int[2];
        if (SocketPairRaw(AF_UNIX, SOCK_SEQPACKET | Files.O_CLOEXEC, 0, ends) != 0)
            throw SyscallException.FromLastError("socketpair");
        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <summary>An anonymous file in memory that can be sealed; see memfd_create(2).</summary>
    public static FileDescriptor CreateMemoryFile(string name)
    {
        var descriptor = MemfdCreateRaw(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        return descriptor >= 0 ? new FileDescriptor(descriptor) : throw SyscallException.FromLastError("memfd_create", name);
    }

    /// <summary>Makes a memory file unchangeable for ever, by anyone; see F_ADD_SEALS in fcntl(2).</summary>
    public static void Seal(FileDescriptor memoryFile)
    {
        if (FcntlRaw(memoryFile.Number, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
            throw SyscallException.FromLastError("fcntl", "F_ADD_SEALS");
    }

    /// <summary>Makes reads and writes return at once.</summary>
    public static void SetNonBlocking(FileDescriptor file)
    {
        if (FcntlRaw(file.Number, F_SETFL, Files.O_NONBLOCK) < 0)
            throw SyscallException.FromLastError("fcntl", "F_SETFL");
    }

    /// <summary>Sends a message and, where given, a copy of an open descriptor; see SCM_RIGHTS in unix(7).</summary>
    public static void Send(FileDescriptor socket, ReadOnlySpan<byte> message, FileDescriptor? attachment = null)
    {
        fixed (byte* bytes = message)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)message.Length };
            var control = new DescriptorMessage
            {
                Length = DescriptorMessage.UsedSize,
                Level = SOL_SOCKET,
                Type = SCM_RIGHTS,
                Descriptor = attachment?.Number ?? -1,
            };
            var header = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (attachment is not null)
            {
                header.Control = &control;
                header.ControlLength = (nuint)sizeof(DescriptorMessage);
            }

            if (SendMsgRaw(socket.Number, &header, MSG_NOSIGNAL) < 0)
                throw SyscallException.FromLastError("sendmsg");
        }
    }

    /// <summary>Sends a message of one byte and what goes with it; never waits on a socket that is non-blocking.</summary>
    /// <returns>0, or the errno: EAGAIN when the other side has not taken what it was sent before, EPIPE when it is gone.</returns>
    public static int TrySend(FileDescriptor socket, byte kind, ReadOnlySpan<byte> content)
    {
        fixed (byte* bytes = content)
        {
            var vectors = stackalloc IoVector[2];
            vectors[0] = new IoVector { Base = &kind, Length = 1 };
            vectors[1] = new IoVector { Base = bytes, Length = (nuint)content.Length };
            var header = new MessageHeader { Vectors = vectors, VectorCount = 2 };
            nint sent;
            do sent = SendMsgRaw(socket.Number, &header, MSG_NOSIGNAL);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return sent >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Receives one message; a length of 0 means that the other side has closed.</summary>
    public static (int Length, FileDescriptor? Attachment) Receive(FileDescriptor socket, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)buffer.Length };
            DescriptorMessage control = default;
            var header = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(DescriptorMessage),
            };
            nint length;
            // ECONNRESET comes once, when the other side has closed without reading all of ours: what it had sent is still there.
            do length = RecvMsgRaw(socket.Number, &header, MSG_CMSG_CLOEXEC);
            while (length < 0 && Marshal.GetLastPInvokeError() is Errno.EINTR or Errno.ECONNRESET);
            if (length < 0)
                throw SyscallException.FromLastError("recvmsg");
            var attached = header.ControlLength >= DescriptorMessage.UsedSize && control.Type == SCM_RIGHTS;
            return ((int)length, attached ? new FileDescriptor(control.Descriptor) : null);
        }
    }

    /// <summary>Receives one message from a non-blocking socket; 0 means that the other side has closed, null that there is none yet.</summary>
    public static int? TryReceive(FileDescriptor socket, Span<byte> buffer)
    {
        var length = Files.TryRead(socket.Number, buffer);
        if (length >= 0)
            return (int)length;
        // ECONNRESET: it has closed without reading all of ours.
        return Marshal.GetLastPInvokeError() == Errno.EAGAIN ? null : 0;
    }

    private const int AF_UNIX = 1;
    private const int SOCK_SEQPACKET = 5;
    private const int SOL_SOCKET = 1;
    private const int SCM_RIGHTS = 1;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const int F_SETFL = 4;
    private const nuint FIONREAD = 0x541B;
    private const int F_ADD_SEALS = 1033;
    private const int F_SEAL_SEAL = 1;
    private const int F_SEAL_SHRINK = 2;
    private const int F_SEAL_GROW = 4;
    private const int F_SEAL_WRITE = 8;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2Raw(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPairRaw(int domain, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreateRaw(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FcntlRaw(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlRaw(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMsgRaw(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint RecvMsgRaw(int socket, MessageHeader* message, int flags);

    /// <summary>struct iovec of readv(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr of sendmsg(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr with one descriptor behind it; see cmsg(3). CMSG_SPACE is 24, CMSG_LEN 20.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    internal struct DescriptorMessage
    {
        public const int UsedSize = 20;

        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
    }
}
