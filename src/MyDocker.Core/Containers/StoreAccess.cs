using MyDocker.Interop;

namespace MyDocker;

/// <summary>Who may do what with the store.</summary>
internal static class StoreAccess
{
    /// <summary>Refuses at once what would fail half way: namespaces and control groups need root.</summary>
    public static void RequireRoot(string what)
    {
        if (Credentials.EffectiveUser() != 0)
        {
            throw new ContainerException(
                ContainerError.AccessDenied, $"{what} needs root: start pwsh with sudo, or as root.");
        }
    }

    /// <summary>The store can't be read or written by this user.</summary>
    public static ContainerException Denied(string path, Exception inner) => new(
        ContainerError.AccessDenied,
        $"Access to '{path}' was denied: start pwsh with sudo, or as root, or set MYDOCKER_ROOT to a folder of your own.",
        path,
        inner);
}
