using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class NewContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Creates_and_starts_nothing()
    {
        var bird = Create(Name("bird"), "", "sleep", "300");

        Assert.Equal(ContainerStatus.Created, bird.Status);
        Assert.Null(bird.Pid);
        Assert.Null(bird.StartedAt);
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact]
    public void The_command_is_the_first_argument_and_all_that_remain()
    {
        var bird = Session.Run($"New-Container -RootFileSystem $rootfs -Name {Name("bird")} -- sh -c 'sleep 1' -x").Container;

        Assert.Equal(["sh", "-c", "sleep 1", "-x"], bird.Command);
    }

    [Fact]
    public void Without_a_name_it_gets_a_readable_one()
    {
        var bird = Session.Run("New-Container -RootFileSystem $rootfs true").Container;

        Session.Run($"Remove-Container {bird.Name}");
        Assert.Matches("^[a-z]+-[a-z]+(-[0-9]+)?$", bird.Name);
    }

    [Fact]
    public void Without_an_image_it_is_made_of_the_machines_own_programs()
    {
        var bird = Session.Run($"New-Container -Name {Name("bird")}").Container;

        Assert.Equal("host", bird.Image);
        Assert.Equal(["/bin/sh"], bird.Command);
    }

    [Theory]
    [InlineData("-bird")]
    [InlineData(".bird")]
    [InlineData("two birds")]
    [InlineData("vögel")]
    [InlineData("a/b")]
    [InlineData("bird\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void A_bad_name_is_refused(string name)
    {
        var error = Session.Fail(ContainerError.InvalidContainerName, "New-Container -RootFileSystem $rootfs -Name $args[0] true", name);

        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Equal(name, error.TargetObject);
    }

    [Fact]
    public void A_taken_name_is_refused_and_says_who_has_it()
    {
        var bird = Create(Name("bird"), "", "true");

        var error = Session.Fail(ContainerError.ContainerNameInUse, $"New-Container -RootFileSystem $rootfs -Name {bird.Name} true");

        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Equal(bird.Name, error.TargetObject);
        Assert.Contains(bird.Id[..12], error.ToString(), StringComparison.Ordinal);
        Assert.Equal(bird.Id, Get(bird.Name).Id);
    }

    [Fact]
    public void An_image_that_is_not_there_is_an_error()
    {
        var error = Session.Fail(ContainerError.ImageNotFound, $"New-Container -Name {Name("bird")} -Image nosuch true");

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("nosuch", error.TargetObject);
        Assert.Empty(Session.Run($"Get-Container {All}").Output);
    }

    [Theory]
    [InlineData("-RootFileSystem /nosuch true")]
    [InlineData("-RootFileSystem $rootfs")]
    [InlineData("-RootFileSystem $rootfs -Command ''")]
    [InlineData("-WorkingDirectory tmp true")]
    [InlineData("-User nosuch true")]
    [InlineData("-User 0:0:0 true")]
    [InlineData("-User +0 true")]
    [InlineData("-Hostname 'two words' true")]
    [InlineData("-Volume /tmp true")]
    [InlineData("-Volume /tmp:/tmp:rx true")]
    [InlineData("-Volume /nosuch:/tmp true")]
    [InlineData("-Volume /tmp:tmp true")]
    [InlineData("-Volume /tmp:/a/../../b true")]
    [InlineData("-Tmpfs tmp true")]
    [InlineData("-Memory 1MB true")]
    [InlineData("-Cpus 0 true")]
    [InlineData("-Cpus 4096 true")]
    [InlineData("-CpuShares 1 true")]
    [InlineData("-CpuSet all true")]
    [InlineData("-PidsLimit 0 true")]
    [InlineData("-CapabilityAdd NET_NOSUCH true")]
    [InlineData("-CapabilityDrop nosuch true")]
    public void What_can_not_come_true_is_refused_and_nothing_is_made(string arguments)
    {
        var error = Session.Fail(ContainerError.InvalidArgument, $"New-Container -Name {Name("bird")} {arguments}");

        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Empty(Session.Run($"Get-Container {All}").Output);
    }

    [Theory]
    [InlineData("-Image host -RootFileSystem $rootfs", "AmbiguousParameterSet")]
    [InlineData("-Memory 12parsecs", "ParameterArgumentTransformationError")]
    [InlineData("-Label colour", "ParameterArgumentTransformationError")]
    [InlineData("-Environment '=x'", "ParameterArgumentTransformationError")]
    [InlineData("-StopTimeoutSeconds -2", "ParameterArgumentValidationError")]
    [InlineData("-StopSignal SIGNOSUCH", "CannotConvertArgumentNoMessage")]
    public void What_is_no_value_for_a_parameter_does_not_bind(string arguments, string errorId)
    {
        var error = Assert.Single(Session.Try($"New-Container -Name {Name("bird")} {arguments} true").Errors);

        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8388608", 8L << 20)]
    [InlineData("8MB", 8L << 20)]
    [InlineData("'512m'", 512L << 20)]
    [InlineData("'256MB'", 256L << 20)]
    [InlineData("'1.5GiB'", 3L << 29)]
    [InlineData("'2t'", 2L << 40)]
    [InlineData("'65536k'", 64L << 20)]
    [InlineData("'16777216'", 16L << 20)]
    [InlineData("'16777216b'", 16L << 20)]
    public void Sizes_are_bytes_or_numbers_with_a_unit(string written, long bytes) =>
        Assert.Equal(bytes, Create(Name("bird"), $"-Memory {written}", "true").Limits.Memory);

    [Theory]
    [InlineData("@{ A = 'x'; B = 2 }", "x", "2")]
    [InlineData("'A=x', 'B=2'", "x", "2")]
    [InlineData("'A=x=y', 'B='", "x=y", "")]
    public void Environment_and_labels_are_tables_or_pairs(string written, string a, string b)
    {
        var bird = Create(Name("bird"), $"-Environment {written} -Label {written}", "true");

        Assert.Equal((a, b), (bird.Environment["A"], bird.Environment["B"]));
        Assert.Equal((a, b), (bird.Labels["A"], bird.Labels["B"]));
    }

    [Fact]
    public void Volumes_and_temporary_file_systems_are_read_as_written()
    {
        var bird = Create(Name("bird"), "-Volume /usr:/host:ro, /tmp:/all -Tmpfs /run, '/cache:size=1m,mode=0700'", "true");

        Assert.Equal(["/usr:/host:ro", "/tmp:/all", "/run", "/cache"], bird.Mounts.Select(mount => mount.ToString()));
        Assert.Equal(["size=1m", "mode=0700"], bird.Mounts[3].Options);
    }

    [Fact]
    public void A_relative_root_and_volume_are_read_from_where_the_session_is()
    {
        Session.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0])", Path.GetDirectoryName(RootFileSystem));

        var bird = Session.Run($"New-Container -Name {Name("bird")} -RootFileSystem ./{Path.GetFileName(RootFileSystem)} -Volume .:/up true").Container;

        Assert.Equal(RootFileSystem, bird.Image);
        Assert.Equal($"{Path.GetDirectoryName(RootFileSystem)}:/up", bird.Mounts.Single().ToString());
    }
}
