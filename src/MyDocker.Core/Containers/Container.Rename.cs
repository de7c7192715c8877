namespace MyDocker;

/// <summary>Renaming a container.</summary>
public sealed partial class Container
{
    /// <summary>Gives the container another name, whether it runs or not.</summary>
    /// <exception cref="ContainerException">InvalidContainerName, ContainerNameInUse, ContainerNotFound.</exception>
    public ContainerInfo Rename(string newName)
    {
        StoreAccess.RequireRoot("Renaming a container");
        Store.Rename(this, newName);
        return Inspect();
    }
}
