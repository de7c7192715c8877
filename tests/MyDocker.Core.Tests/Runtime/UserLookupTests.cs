using System.Text;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Runtime;

[Trait("Attack", "CVE-2026-30892: user string parsed to the wrong user")]
public sealed class UserLookupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public UserLookupTests()
    {
        Directory.CreateDirectory(folder["root/etc"]);
        File.WriteAllText(Passwd, """
            root:x:0:0:root:/root:/bin/sh
            bird:x:1000:1001:A bird:/home/bird:/bin/sh
            nohome:x:1002:1002::relative:/bin/sh

            """);
        File.WriteAllText(Group, "root:x:0:\nbird:x:1001:\nwheel:x:10:root,bird\nvideo:x:44:bird\nother:x:45:birdy,thebird\n");
    }

    private string Root => folder["root"];

    private string Passwd => folder["root/etc/passwd"];

    private string Group => folder["root/etc/group"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null, 0, 0, new uint[] { 10 }, "/root")]
    [InlineData("", 0, 0, new uint[] { 10 }, "/root")]
    [InlineData("0:0", 0, 0, new uint[0], "/root")]
    [InlineData("bird", 1000, 1001, new uint[] { 10, 44 }, "/home/bird")]
    [InlineData("1000", 1000, 1001, new uint[] { 10, 44 }, "/home/bird")]
    [InlineData("bird:wheel", 1000, 10, new uint[0], "/home/bird")]
    [InlineData("bird:0", 1000, 0, new uint[0], "/home/bird")]
    [InlineData("1000:44", 1000, 44, new uint[0], "/home/bird")]
    [InlineData("5000", 5000, 0, new uint[0], "/")]
    [InlineData("5000:6000", 5000, 6000, new uint[0], "/")]
    [InlineData("nohome", 1002, 1002, new uint[0], "/")]
    [InlineData("4294967294", 4294967294, 0, new uint[0], "/")]
    public void A_user_is_found(string? user, uint uid, uint gid, uint[] supplementary, string home)
    {
        var resolved = UserLookup.Resolve(Root, user);
        Assert.Equal((uid, gid, home), (resolved.Uid, resolved.Gid, resolved.Home));
        Assert.Equal(supplementary, resolved.SupplementaryGids);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("BIRD")]
    [InlineData("bird ")]
    [InlineData(" bird")]
    [InlineData("+0")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("0x0")]
    [InlineData("1e3")]
    [InlineData("1.0")]
    [InlineData("٠")]
    [InlineData("４")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999")]
    [InlineData(":")]
    [InlineData(":0")]
    [InlineData("0:")]
    [InlineData("0:0:0")]
    [InlineData("bird:none")]
    [InlineData("bird:-1")]
    [InlineData("bird:4294967295")]
    public void What_is_no_user_is_refused(string user)
    {
        var refused = Assert.Throws<ContainerException>(() => UserLookup.Resolve(Root, user));
        Assert.Equal(ContainerError.InvalidArgument, refused.Error);
        Assert.Equal(user, refused.Target);
    }

    [Theory]
    [InlineData("a:x:")]
    [InlineData("a")]
    [InlineData(":::::::::")]
    [InlineData("evil:x:-1:0::/:")]
    [InlineData("evil:x: 0:0::/:")]
    [InlineData("evil:x:+0:0::/:")]
    [InlineData("evil:x::0::/:")]
    [InlineData("evil:x:4294967295:0::/:")]
    [InlineData("evil:x:1005:::/:")]
    [InlineData("evil:x:1005:x::/:")]
    [InlineData("evil:x:1005:-1::/:")]
    [InlineData("#evil:x:0:0::/:")]
    [InlineData("\0evil:x:0:0::/:")]
    public void Odd_lines_make_nobody_and_hide_nobody(string line)
    {
        File.WriteAllText(Passwd, $"{line}\nbird:x:1000:1001::/home/bird:/bin/sh");
        Assert.Throws<ContainerException>(() => UserLookup.Resolve(Root, "evil"));
        Assert.Equal(1000u, UserLookup.Resolve(Root, "bird").Uid);
    }

    [Fact]
    [Trait("Attack", "CVE-2024-9676: /etc/passwd is a FIFO or symlink, the runtime hangs")]
    public void A_FIFO_holds_nobody_up()
    {
        File.Delete(Passwd);
        Tool.Run("mkfifo", Passwd);
        AssertKnowsNobody();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Attack", "CVE-2024-9676: /etc/passwd is a FIFO or symlink, the runtime hangs")]
    public void A_link_leads_nowhere_outside(bool isRelative)
    {
        File.Move(Passwd, folder["outside"]);
        File.CreateSymbolicLink(Passwd, isRelative ? $"../../{string.Concat(Enumerable.Repeat("../", 20))}{folder["outside"]}" : folder["outside"]);
        Assert.Contains("bird", File.ReadAllText(Passwd), StringComparison.Ordinal);
        AssertKnowsNobody();
    }

    [Fact]
    public void A_link_inside_is_followed()
    {
        Directory.CreateDirectory(folder["root/usr/lib"]);
        File.Move(Passwd, folder["root/usr/lib/passwd"]);
        File.CreateSymbolicLink(Passwd, "/usr/lib/passwd");
        Assert.Equal(1000u, UserLookup.Resolve(Root, "bird").Uid);
    }

    [Fact]
    public void A_link_to_a_process_file_is_not_followed()
    {
        File.Delete(Passwd);
        Directory.CreateDirectory(folder["root/proc"]);
        File.CreateSymbolicLink(Passwd, "/proc/self/root/etc/passwd");
        AssertKnowsNobody();
    }

    [Fact]
    public void A_huge_file_is_not_read()
    {
        using (var file = File.OpenWrite(Passwd))
            file.SetLength(1L << 40);
        AssertKnowsNobody();
    }

    [Fact]
    public void A_folder_is_no_list_of_users()
    {
        File.Delete(Passwd);
        Directory.CreateDirectory(Passwd);
        AssertKnowsNobody();
    }

    [Fact]
    public void Without_files_numbers_still_work()
    {
        Directory.Delete(folder["root/etc"], recursive: true);
        AssertKnowsNobody();
        Assert.Equal((7u, 8u), (UserLookup.Resolve(Root, "7:8").Uid, UserLookup.Resolve(Root, "7:8").Gid));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_no_obstacle()
    {
        File.WriteAllBytes(Passwd, [0xFF, 0xFE, (byte)'\n', .. Encoding.UTF8.GetBytes("bird:x:1000:1001::/home/bird:/bin/sh\n")]);
        Assert.Equal(1000u, UserLookup.Resolve(Root, "bird").Uid);
    }

    private void AssertKnowsNobody()
    {
        Assert.Equal(ContainerError.InvalidArgument, Assert.Throws<ContainerException>(() => UserLookup.Resolve(Root, "bird")).Error);
        Assert.Equal((1000u, 0u, "/"), (UserLookup.Resolve(Root, "1000").Uid, UserLookup.Resolve(Root, "1000").Gid, UserLookup.Resolve(Root, "1000").Home));
    }
}
