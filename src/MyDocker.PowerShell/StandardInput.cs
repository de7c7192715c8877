using System.Collections;
using System.Management.Automation;
using System.Text;

namespace MyDocker;

/// <summary>What a pipeline's objects are as bytes of a program's standard input.</summary>
internal static class StandardInput
{
    private static readonly UTF8Encoding Encoding = new(false);

    /// <summary>Bytes stay bytes, be they one, an array, or a list as Get-Content -AsByteStream makes it; anything else is a line of its text.</summary>
    public static byte[] ToBytes(object? item) => Base(item) switch
    {
        byte[] bytes => bytes,
        byte one => [one],
        IList list when TryCollect(list) is { } bytes => bytes,
        _ => Encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(item) + "\n"),
    };

    /// <summary>The bytes of a list of nothing else; null when it is empty or has something else in it.</summary>
    private static byte[]? TryCollect(IList list)
    {
        var bytes = new byte[list.Count];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (Base(list[i]) is not byte one)
                return null;
            bytes[i] = one;
        }

        return bytes.Length > 0 ? bytes : null;
    }

    private static object? Base(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
