using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>A mount's options as config.json lists them, sorted into what mount(2) takes; see mount(8).</summary>
/// <param name="Flags">MS_… flags.</param>
/// <param name="Propagation">MS_PRIVATE and its like, with MS_REC where asked for; 0 is unchanged.</param>
/// <param name="IsRecursivelyReadOnly">Whether mounts below are read-only as well (rro).</param>
/// <param name="Data">What is left for the file system itself.</param>
internal sealed record MountOptions(ulong Flags, ulong Propagation, bool IsRecursivelyReadOnly, string Data)
{
    private static readonly Dictionary<string, (ulong Set, ulong Clear)> KnownFlags = new()
    {
        ["ro"] = (Mounting.MS_RDONLY, 0),
        ["rw"] = (0, Mounting.MS_RDONLY),
        ["nosuid"] = (Mounting.MS_NOSUID, 0),
        ["suid"] = (0, Mounting.MS_NOSUID),
        ["nodev"] = (Mounting.MS_NODEV, 0),
        ["dev"] = (0, Mounting.MS_NODEV),
        ["noexec"] = (Mounting.MS_NOEXEC, 0),
        ["exec"] = (0, Mounting.MS_NOEXEC),
        ["sync"] = (Mounting.MS_SYNCHRONOUS, 0),
        ["async"] = (0, Mounting.MS_SYNCHRONOUS),
        ["noatime"] = (Mounting.MS_NOATIME, 0),
        ["atime"] = (0, Mounting.MS_NOATIME),
        ["nodiratime"] = (Mounting.MS_NODIRATIME, 0),
        ["relatime"] = (Mounting.MS_RELATIME, 0),
        ["strictatime"] = (Mounting.MS_STRICTATIME, 0),
        ["bind"] = (Mounting.MS_BIND, 0),
        ["rbind"] = (Mounting.MS_BIND | Mounting.MS_REC, 0),
        ["defaults"] = (0, 0),
        // devpts has been a new instance with every mount since Linux 4.7.
        ["newinstance"] = (0, 0),
    };

    private static readonly Dictionary<string, ulong> KnownPropagation = new()
    {
        ["private"] = Mounting.MS_PRIVATE,
        ["rprivate"] = Mounting.MS_PRIVATE | Mounting.MS_REC,
        ["slave"] = Mounting.MS_SLAVE,
        ["rslave"] = Mounting.MS_SLAVE | Mounting.MS_REC,
        ["shared"] = Mounting.MS_SHARED,
        ["rshared"] = Mounting.MS_SHARED | Mounting.MS_REC,
        ["unbindable"] = Mounting.MS_UNBINDABLE,
        ["runbindable"] = Mounting.MS_UNBINDABLE | Mounting.MS_REC,
    };

    public bool IsBind => (Flags & Mounting.MS_BIND) != 0;

    /// <summary>What a bind mount leaves undone at first: mount(2) ignores every other flag then.</summary>
    public ulong FlagsBesideBind => Flags & ~(Mounting.MS_BIND | Mounting.MS_REC);

    public static MountOptions Parse(IEnumerable<string>? options)
    {
        ulong flags = 0, propagation = 0;
        var isRecursivelyReadOnly = false;
        var data = new List<string>();
        foreach (var option in options ?? [])
        {
            if (option == "rro")
                isRecursivelyReadOnly = true;
            else if (KnownFlags.TryGetValue(option, out var flag))
                flags = (flags | flag.Set) & ~flag.Clear;
            else if (KnownPropagation.TryGetValue(option, out var kind))
                propagation = kind;
            else
                data.Add(option);
        }

        return new MountOptions(flags, propagation, isRecursivelyReadOnly, string.Join(',', data));
    }
}
