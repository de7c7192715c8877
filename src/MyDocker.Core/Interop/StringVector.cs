using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>A null-terminated array of C strings, as execve(2) takes its arguments and environment.</summary>
internal sealed unsafe class StringVector : IDisposable
{
    public StringVector(IReadOnlyList<string> strings)
    {
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(byte*));
        Count = strings.Count;
        for (var i = 0; i < strings.Count; i++)
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
    }

    public byte** Pointer { get; }

    private int Count { get; }

    public void Dispose()
    {
        for (var i = 0; i < Count; i++)
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        NativeMemory.Free(Pointer);
    }
}
