using System.Diagnostics;
using System.Text;
using MyDocker.Interop;

namespace MyDocker.Tests.Fixture;

/// <summary>A folder on the host with one of everything a file system can hold, and a way to compare such folders.</summary>
internal sealed class ItemTree : IDisposable
{
    public const int HoleSize = 64 * 1024 * 1024;

    public string Folder { get; } = Directory.CreateTempSubdirectory("mydocker-tests-items-").FullName;

    public string this[string name] => $"{Folder}/{name}";

    /// <summary>Fills a folder below.</summary>
    public string MakeEverything(string name)
    {
        // Times with nanoseconds; a name that is no UTF-8, the longest there is, and those that shells stumble over.
        Shell($$"""
            mkdir -p '{{name}}/sub/deeper' '{{name}}/empty' && cd '{{name}}'
            echo hello > file && chown 1000:1001 file && chmod 4751 file
            : > nothing && chmod 0 nothing
            ln file second-name && ln file sub/third-name
            ln -s file link && ln -s /nowhere/at/all dangling && chown -h 1002:1003 link
            mkfifo fifo && chmod 0612 fifo && mknod device c 1 3 && chown 5:6 device && chmod 0640 device
            printf 'start' > sparse && truncate -s {{HoleSize}} sparse && printf 'end' >> sparse && truncate -s +{{HoleSize}} sparse
            touch -- "$(printf 'not\377utf8')" "$(printf 'new\nline')" ' ' '*' '-rf' "$(head -c 255 /dev/zero | tr '\0' x)"
            echo deep > sub/deeper/file && chmod 2770 sub/deeper && chown 7:8 sub && chmod 1777 empty
            touch -d '2001-02-03 04:05:06.123456789' file sub/deeper/file && touch -h -d '1970-01-02 00:00:00.000000001' link fifo device
            touch -d '2038-02-01 00:00:00.5' sub/deeper sub empty .
            """);
        SetAttribute($"{name}/sub/deeper/file", "user.comment", "a comment");
        SetAttribute($"{name}/empty", "trusted.mine", "for root");
        // cap_net_raw+ep as struct vfs_cap_data has it, revision 2; see capabilities(7).
        SetAttribute($"{name}/nothing", "security.capability", "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        Shell($"touch -d '2001-02-03 04:05:06.123456789' '{name}/sub/deeper' '{name}/sub' '{name}/empty' '{name}'");
        return this[name];
    }

    /// <summary>Type, mode, owner, times, number of names, target, size, room on the disk, content and attributes of all there is in a folder.</summary>
    public string[] Describe(string name)
    {
        var listed = Shell($"cd '{name}' && find . -mindepth 1 -printf '%P %y %m %U %G %T@ %n %l %s' \\( -type f -printf ' %b' , -true \\) -printf '\\0' | LC_ALL=C sort -z | tr '\\n\\0' '?\\n' | cat -v");
        var content = Shell($"cd '{name}' && find . -type f -size -1000k -print0 | LC_ALL=C sort -z | xargs -0 cat -- | md5sum; cksum < sparse 2> /dev/null || true");
        string[] attributes = [.. ((string[])["sub/deeper/file user.comment", "empty trusted.mine", "nothing security.capability"]).Select(pair => Attribute(name, pair.Split(' ')))];
        return [.. listed.Split('\n'), content, .. attributes];
    }

    /// <summary>Runs a shell script in the folder.</summary>
    public string Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-euc", script]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{script}\n{errors.Result}");
        return output.TrimEnd('\n');
    }

    public void Dispose() => Shell("cd / && rm -rf -- \"$OLDPWD\"");

    private void SetAttribute(string path, string name, string value)
    {
        using var item = Files.Open(this[path], Files.O_PATH | Files.O_NOFOLLOW);
        Assert.True(ItemAttributes.TrySetExtended(item, Files.NullTerminated(name), Encoding.Latin1.GetBytes(value)), $"{name} on {path}");
    }

    private string Attribute(string folder, string[] pathAndName)
    {
        if (Files.TryOpen(this[$"{folder}/{pathAndName[0]}"], Files.O_PATH | Files.O_NOFOLLOW) is not { } item)
            return "missing";
        using (item)
        {
            var value = new byte[100];
            var length = ItemAttributes.TryGetExtended(item, Files.NullTerminated(pathAndName[1]), value);
            return $"{pathAndName[1]} {(length < 0 ? "none" : Convert.ToHexString(value, 0, length))}";
        }
    }
}
