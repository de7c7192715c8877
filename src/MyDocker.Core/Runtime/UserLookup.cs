using System.Globalization;
using System.Text;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Turns "user", "uid", "user:group" or "uid:gid" into numbers by the root file system's own /etc/passwd and /etc/group,
/// see passwd(5), group(5). Those files belong to an image and may be anything: links are followed inside the root only,
/// a FIFO or a huge file is refused, and a number is a number only when it is nothing else (CVE-2026-30892).
/// </summary>
internal static class UserLookup
{
    private const int MaximumFileSize = 1 << 20;

    /// <summary>Looks a user up.</summary>
    /// <param name="root">The root file system's folder.</param>
    /// <param name="user">What was asked for; null or empty is root.</param>
    /// <exception cref="ContainerException">InvalidArgument when there is no such user or group.</exception>
    public static ResolvedUser Resolve(string root, string? user)
    {
        var parts = (string.IsNullOrEmpty(user) ? "0" : user).Split(':');
        if (parts.Length > 2 || parts.Any(string.IsNullOrEmpty))
            throw ContainerException.Invalid($"'{user}' is no user: write name, uid, name:group or uid:gid.", user);

        using var rootFolder = Files.Open(root, Files.O_PATH | Files.O_DIRECTORY);
        var accounts = Read(rootFolder, "/etc/passwd", 7, line => Number(line[2]) is not null && Number(line[3]) is not null);
        var groups = Read(rootFolder, "/etc/group", 4, line => Number(line[2]) is not null);

        var uid = Number(parts[0]);
        var account = accounts.FirstOrDefault(line => uid is { } number ? Number(line[2]) == number : line[0] == parts[0]);
        uid ??= account is null ? null : Number(account[2]);
        if (uid is null)
            throw ContainerException.Invalid($"There is no user '{parts[0]}' in the container's /etc/passwd; a number works without one.", user);

        var gid = account is null ? 0 : Number(account[3])!.Value;
        List<uint> supplementary = [];
        if (parts.Length == 2)
        {
            var group = groups.FirstOrDefault(line => line[0] == parts[1]);
            gid = Number(parts[1]) ?? (group is null ? null : Number(group[2]))
                ?? throw ContainerException.Invalid($"There is no group '{parts[1]}' in the container's /etc/group; a number works without one.", user);
        }
        else if (account is not null)
        {
            foreach (var line in groups)
            {
                if (line[3].Split(',').Contains(account[0]) && Number(line[2]) is { } member && member != gid)
                    supplementary.Add(member);
            }
        }

        var home = account is { } found && found[5].StartsWith('/') ? found[5] : uid == 0 ? "/root" : "/";
        return new ResolvedUser(uid.Value, gid, supplementary, home, account is [_, _, _, _, _, _, ['/', ..] shell, ..] ? shell : null);
    }

    /// <summary>The names of a root file system's users; the first line counts where several have the same number.</summary>
    public static Dictionary<uint, string> Names(FileDescriptor root)
    {
        var names = new Dictionary<uint, string>();
        foreach (var line in Read(root, "/etc/passwd", 7, line => line[0].Length > 0 && Number(line[2]) is not null))
            names.TryAdd(Number(line[2])!.Value, line[0]);
        return names;
    }

    /// <summary>Digits and nothing else, up to the highest id but one (the last means "no change" to setresuid(2)).</summary>
    internal static uint? Number(string text) =>
        text.Length is > 0 and <= 10 && text.All(char.IsAsciiDigit)
        && ulong.Parse(text, CultureInfo.InvariantCulture) is < uint.MaxValue and var number
            ? (uint)number
            : null;

    /// <summary>The lines that make sense; others are passed over, as by getpwnam(3): half a line could make anybody root.</summary>
    private static List<string[]> Read(FileDescriptor root, string path, int fields, Predicate<string[]> isValid)
    {
        using var file = Files.TryOpenInRoot(root, path, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_NOCTTY);
        if (file is null)
            return [];
        var status = Files.Status(file);
        if (!status.IsRegular || status.Size > MaximumFileSize)
            return [];
        var bytes = new byte[status.Size];
        var length = Files.TryRead(file.Number, bytes);
        return length <= 0
            ? []
            : [.. Encoding.UTF8.GetString(bytes, 0, (int)length).Split('\n').Select(line => line.Split(':')).Where(line => line.Length >= fields && isValid(line))];
    }
}

/// <summary>A user in numbers.</summary>
/// <param name="Uid">The user id.</param>
/// <param name="Gid">The group id.</param>
/// <param name="SupplementaryGids">Groups beyond that one.</param>
/// <param name="Home">The home folder.</param>
/// <param name="Shell">The shell; null where the account has none, or is not in /etc/passwd.</param>
internal sealed record ResolvedUser(uint Uid, uint Gid, IReadOnlyList<uint> SupplementaryGids, string Home, string? Shell);
