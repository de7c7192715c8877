using System.Collections;
using System.Management.Automation;
using System.Text;

namespace MyDocker;

/// <summary>What a pipeline's objects are as bytes of a program's standard input.</summary>
internal static class StandardInput
{
    private static readonly UTF8Encoding Encoding = new(false);

    /// <summary>Bytes stay bytes, be they one, an array, or a list as Get-Content -AsByteStream makes it; anything else is a line of its text.</summary>
    public static byte[] ToBytes(object? item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        byte[] bytes => bytes,
        byte one => [one],
        IEnumerable<byte> bytes => [.. bytes],
        IList list when list.Count > 0 && list.Cast<object?>().All(element => Base(element) is byte) => [.. list.Cast<object?>().Select(element => (byte)Base(element)!)],
        _ => Encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(item) + "\n"),
    };

    private static object? Base(object? element) => element is PSObject wrapped ? wrapped.BaseObject : element;
}
