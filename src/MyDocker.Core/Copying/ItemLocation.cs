namespace MyDocker;

/// <summary>One side of a copy: a path in a container, or on the host.</summary>
/// <param name="Container">The container; null is the host.</param>
/// <param name="Path">The absolute path there, as it was written: a slash at its end means a folder, "/." what is in it.</param>
public sealed record ItemLocation(Container? Container, string Path)
{
    /// <summary>Whether a folder's content is meant and not the folder: docker's "/.", and a root, which has no name.</summary>
    public bool IsContent => Path.TrimEnd('/').EndsWith("/.", StringComparison.Ordinal) || Name is "" or "..";

    /// <summary>Whether only a folder can be meant, so that a link is followed to it.</summary>
    public bool IsFolder => IsContent || Path.EndsWith('/');

    /// <summary>The path's last part.</summary>
    internal string Name => System.IO.Path.GetFileName(Trimmed);

    /// <summary>The path without what only says that it is a folder.</summary>
    internal string Trimmed
    {
        get
        {
            var path = Path.TrimEnd('/');
            while (path.EndsWith("/.", StringComparison.Ordinal))
                path = path[..^1].TrimEnd('/');
            return path;
        }
    }

    /// <summary>For messages, to which the path below it is added.</summary>
    internal string Shown => (this with { Path = Trimmed }).ToString();

    /// <summary>
    /// Takes name:/path apart as docker does: what begins with '/', '.' or '~' is the host's, and so is what has no name of a
    /// container before its first colon.
    /// </summary>
    /// <param name="text">As it was written.</param>
    /// <returns>The container's name, or null for the host, and the path.</returns>
    public static (string? Container, string Path) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // "FileSystem::/tmp/x" is how PowerShell spells a path with its provider.
        if (colon <= 0 || text.AsSpan(colon).StartsWith("::") || !ContainerName.IsValid(text[..colon]))
            return (null, text);
        var path = text[(colon + 1)..];
        return (text[..colon], path.StartsWith('/') ? path : $"/{path}");
    }

    /// <summary>As it is written on a command line.</summary>
    public override string ToString() => Container is null ? Path : $"{Container.Name}:{Path}";
}
