using MyDocker.Interop;

namespace MyDocker;

/// <summary>How a layer says what is not there any more; see "whiteouts and opaque directories" in the kernel's overlayfs.rst.</summary>
internal static class OverlayMarks
{
    /// <summary>Whether it stands for something deleted.</summary>
    public static bool IsWhiteout(FileStatus status) => status.IsCharacterDevice(0, 0);

    /// <summary>Whether nothing of the layers below shows through a folder.</summary>
    public static bool IsOpaque(FileDescriptor folder)
    {
        Span<byte> value = stackalloc byte[1];
        return ItemAttributes.TryGetExtended(folder, "trusted.overlay.opaque\0"u8, value) == 1 && value[0] == (byte)'y';
    }

    /// <summary>Whether a file has its content in a layer below still.</summary>
    public static bool HasNoContent(FileDescriptor file) => ItemAttributes.TryGetExtended(file, "trusted.overlay.metacopy\0"u8, []) >= 0;

    /// <summary>Whether an extended attribute is the overlay's own.</summary>
    public static bool IsOwnAttribute(ReadOnlySpan<byte> name) => name.StartsWith("trusted.overlay."u8);
}
