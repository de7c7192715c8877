using System.Management.Automation;

namespace MyDocker;

/// <summary>Finds out what the paths of a copy mean: name:/path is in a container, everything else as PowerShell has it.</summary>
internal sealed class ItemLocator(ContainerStore store, SessionState session)
{
    private const string FileSystem = "FileSystem";
    private const int ShortestId = 4;

    /// <summary>Takes a path as it is written.</summary>
    /// <exception cref="ContainerException">ContainerNotFound, or InvalidArgument for what is in no file system.</exception>
    public ItemLocation Locate(string path) => TryLocateInContainer(path) ?? new ItemLocation(null, Resolve(path) + Ending(path));

    /// <summary>Takes a path with wildcards, which work on the host.</summary>
    /// <exception cref="ContainerException">The same.</exception>
    public IEnumerable<ItemLocation> Expand(string path)
    {
        if (TryLocateInContainer(path) is { } inside)
            return [inside];
        if (!WildcardPattern.ContainsWildcardCharacters(path))
            return [Locate(WildcardPattern.Unescape(path))];
        try
        {
            var matches = session.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            RequireFileSystem(path, provider);
            return matches.Select(match => new ItemLocation(null, match + Ending(path)));
        }
        catch (SessionStateException exception)
        {
            throw NotFound(path, exception);
        }
    }

    private ItemLocation? TryLocateInContainer(string text)
    {
        if (ItemLocation.Split(text) is not ({ } name, var path))
            return null;
        try
        {
            return new ItemLocation(store.Find(name), path);
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.ContainerNotFound)
        {
            if (session.Drive.GetAll().Any(drive => drive.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                return null;
            if (name.Length >= ShortestId && name.All(char.IsAsciiHexDigit))
                return new ItemLocation(store.FindById(name), path);
            throw;
        }
    }

    private string Resolve(string path)
    {
        // A file's name may have a colon in it, which PowerShell takes for a drive's even here.
        if (path[0] is '/' or '.' && path.Contains(':', StringComparison.Ordinal))
            return Path.GetFullPath(path, session.Path.CurrentFileSystemLocation.ProviderPath).TrimEnd('/');
        try
        {
            var resolved = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            RequireFileSystem(path, provider);
            return resolved.Length > 1 ? resolved.TrimEnd('/') : resolved;
        }
        catch (SessionStateException exception)
        {
            throw NotFound(path, exception);
        }
    }

    /// <summary>What PowerShell takes off a path that it resolves, and docker's rules need.</summary>
    private static string Ending(string path) => path is "." || path.EndsWith("/.", StringComparison.Ordinal) ? "/." : path.EndsWith('/') ? "/" : "";

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name != FileSystem)
        {
            throw new ContainerException(
                ContainerError.InvalidArgument, $"'{path}' is in the provider {provider.Name}: only files and folders can be copied into a container.", path);
        }
    }

    private static ContainerException NotFound(string path, SessionStateException exception) =>
        new(ContainerError.ContainerItemNotFound, exception.Message, path, exception);
}
