using MyDocker.Helper.Init;
using static MyDocker.Interop.Mounting;

namespace MyDocker.Tests.Helper;

public class MountOptionsTests
{
    [Fact]
    public void Words_become_flags_and_the_rest_is_for_the_file_system()
    {
        var options = MountOptions.Parse(["nosuid", "noexec", "nodev", "mode=755", "size=64k", "ro"]);
        Assert.Equal(MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, options.Flags);
        Assert.Equal("mode=755,size=64k", options.Data);
        Assert.Equal(0UL, options.Propagation);
        Assert.False(options.IsBind);
        Assert.False(options.IsRecursivelyReadOnly);
    }

    [Theory]
    [InlineData(new[] { "ro", "rw" }, 0UL)]
    [InlineData(new[] { "rw", "ro" }, MS_RDONLY)]
    [InlineData(new[] { "nosuid", "suid" }, 0UL)]
    [InlineData(new[] { "nodev", "dev", "noexec", "exec", "noatime", "atime", "sync", "async" }, 0UL)]
    [InlineData(new[] { "defaults", "newinstance" }, 0UL)]
    public void The_last_word_counts(string[] words, ulong flags) => Assert.Equal(flags, MountOptions.Parse(words).Flags);

    [Fact]
    public void A_bind_mount_leaves_the_other_flags_for_later()
    {
        var options = MountOptions.Parse(["rbind", "rprivate", "ro", "rro", "nosuid"]);
        Assert.True(options.IsBind);
        Assert.Equal(MS_BIND | MS_REC | MS_RDONLY | MS_NOSUID, options.Flags);
        Assert.Equal(MS_RDONLY | MS_NOSUID, options.FlagsBesideBind);
        Assert.Equal(MS_PRIVATE | MS_REC, options.Propagation);
        Assert.True(options.IsRecursivelyReadOnly);
        Assert.Equal("", options.Data);
    }

    [Theory]
    [InlineData("private", MS_PRIVATE)]
    [InlineData("rslave", MS_SLAVE | MS_REC)]
    [InlineData("rshared", MS_SHARED | MS_REC)]
    [InlineData("unbindable", MS_UNBINDABLE)]
    public void Propagation_is_apart_from_the_flags(string word, ulong propagation)
    {
        Assert.Equal(propagation, MountOptions.Parse([word]).Propagation);
        Assert.Equal(0UL, MountOptions.Parse([word]).Flags);
    }

    [Fact]
    public void Nothing_is_nothing() => Assert.Equal(new MountOptions(0, 0, false, ""), MountOptions.Parse(null));

    [Fact]
    public void What_looks_like_a_word_but_is_none_goes_to_the_file_system() =>
        Assert.Equal("RO, ro,ro=1", MountOptions.Parse(["RO", " ro", "ro=1"]).Data);
}
