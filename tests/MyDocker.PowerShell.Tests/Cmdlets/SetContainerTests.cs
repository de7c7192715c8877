using System.Management.Automation;
using System.Text.Json.Nodes;
using MyDocker.Cgroups;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class SetContainerTests(Machine machine) : ContainerTest(machine)
{
    private const string AllLimits = "-Cpus 0.5 -CpuShares 512 -CpuSet 0 -PidsLimit 20 -Memory 32MB";
    private const string NoLimits = "-Cpus 0 -CpuShares 0 -CpuSet '' -PidsLimit 0 -Memory 0";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Limits_are_given_changed_and_taken_away(bool isRunning)
    {
        var bird = isRunning ? Start(Name("bird"), "", "sleep", "300") : Create(Name("bird"), "", "sleep", "300");

        Assert.Equal("Memory=33554432 Cpus=0.5 CpuShares=512 CpuSet=0 PidsLimit=20", Set(bird, AllLimits).Limits.ToString());
        AssertApplied(bird, isRunning, 32 << 20, 20);

        // Twice as much, then half of that: memory and swap have to be written in another order each time.
        Assert.Equal(64 << 20, Set(bird, "-Memory 64MB -PidsLimit 40").Limits.Memory);
        AssertApplied(bird, isRunning, 64 << 20, 40);
        Assert.Equal("Memory=16777216 Cpus=0.5 CpuShares=512 CpuSet=0 PidsLimit=40", Set(bird, "-Memory 16MB").Limits.ToString());
        AssertApplied(bird, isRunning, 16 << 20, 40);

        Assert.Equal("none", Set(bird, NoLimits).Limits.ToString());
        AssertApplied(bird, isRunning, null, null);
        Assert.Equal("PidsLimit=9", Set(bird, "-PidsLimit 9").Limits.ToString());
        Assert.Equal("none", Set(bird, "-PidsLimit $null").Limits.ToString());
        Assert.Equal("none", Get(bird.Name).Limits.ToString());
    }

    [Fact]
    public void Processor_limits_reach_the_control_group_and_leave_it()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/cpu"), "The files have these names in v1 only.");
        var bird = Start(Name("bird"), "", "sleep", "300");
        var processors = Read("cpuset/cpuset.cpus");

        Set(bird, AllLimits);
        Assert.Equal(("50000", "512", "0"), (Read("cpu/cpu.cfs_quota_us"), Read("cpu/cpu.shares"), Read("cpuset/cpuset.cpus")));

        Set(bird, NoLimits);
        Assert.Equal(("-1", "1024", processors), (Read("cpu/cpu.cfs_quota_us"), Read("cpu/cpu.shares"), Read("cpuset/cpuset.cpus")));

        string Read(string file) => File.ReadAllText($"/sys/fs/cgroup/{file.Split('/')[0]}/mydocker/{bird.Id}/{file.Split('/')[1]}").Trim();
    }

    [Fact]
    public void New_limits_survive_a_restart()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        Set(bird, "-Memory 24MB -PidsLimit 7");

        Session.Run($"Restart-Container {bird.Name} -Force");

        AssertApplied(bird, isRunning: true, 24 << 20, 7);
    }

    [Theory]
    [InlineData("-Memory 8MB", "it uses more than 8MiB of memory")]
    [InlineData("-CpuSet 4711", "cpuset.cpus")]
    public void What_the_kernel_refuses_changes_nothing(string limit, string says)
    {
        var bird = StartReady(Name("bird"), "head -c 20000000 /dev/zero > /dev/shm/held; echo ready; exec sleep 300", "-Memory 64MB -PidsLimit 20");

        var error = Session.Fail(ContainerError.LimitRefused, $"Set-Container {bird.Name} {limit} -PidsLimit 10 -CpuShares 99");

        Assert.Equal((ErrorCategory.LimitsExceeded, bird.Name), (error.CategoryInfo.Category, error.TargetObject));
        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Memory=67108864 PidsLimit=20", Get(bird.Name).Limits.ToString());
        AssertApplied(bird, isRunning: true, 64 << 20, 20);
        Assert.Equal(ContainerStatus.Running, Get(bird.Name).Status);
    }

    [Theory]
    [InlineData("-Memory 1KB")]
    [InlineData("-Cpus 5000")]
    [InlineData("-CpuShares 1")]
    [InlineData("-CpuSet abc")]
    [InlineData("-PidsLimit -1")]
    public void What_makes_no_sense_is_an_invalid_argument(string limit)
    {
        var bird = Create(Name("bird"), "", "true");

        Session.Fail(ContainerError.InvalidArgument, $"Set-Container {bird.Name} {limit}");

        Assert.Equal("none", Get(bird.Name).Limits.ToString());
    }

    [Fact]
    public void How_it_is_stopped_can_be_changed_while_it_runs()
    {
        var bird = StartReady(Name("bird"), "trap : TERM; trap 'exit 4' USR1; echo ready; while :; do sleep 0.1; done");

        Set(bird, "-StopSignal SIGUSR1 -StopTimeoutSeconds 60");

        Assert.Equal(4, Session.Run($"Stop-Container {bird.Name}").Container.ExitCode);
    }

    [Fact]
    public void All_else_in_the_bundle_stays_what_others_have_added_too()
    {
        var bird = Create(Name("bird"), "-Memory 32MB", "true");
        var path = $"{bird.BundlePath}/config.json";
        var bundle = JsonNode.Parse(File.ReadAllText(path))!;
        bundle["linux"]!["resources"]!["network"] = new JsonObject { ["classID"] = 7 };
        bundle["linux"]!["intelRdt"] = new JsonObject { ["closID"] = "guaranteed" };
        File.WriteAllText(path, bundle.ToJsonString());

        Set(bird, "-Memory 64MB");

        bundle["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 64 << 20, ["swap"] = 128 << 20 };
        Assert.True(JsonNode.DeepEquals(bundle, JsonNode.Parse(File.ReadAllText(path))));
    }

    [Theory]
    [InlineData("Start-Container {0}")]
    [InlineData("Set-Container {0} -StopTimeoutSeconds 5; Start-Container {0}")]
    public void A_change_that_was_killed_half_way_is_finished_by_the_next_command(string script)
    {
        var bird = Create(Name("bird"), "-Memory 64MB", "sleep", "300");
        KillHalfWay(bird, 32 << 20);

        Session.Run(string.Format(null, script, bird.Name));

        Assert.Equal(32 << 20, Get(bird.Name).Limits.Memory);
        AssertApplied(bird, isRunning: true, 32 << 20, null);
        Assert.DoesNotContain("isChanging", File.ReadAllText($"{bird.BundlePath}/container.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_a_live_one_that_was_killed_half_way_is_finished_too()
    {
        var bird = Start(Name("bird"), "-Memory 64MB", "sleep", "300");
        KillHalfWay(bird, 32 << 20);

        Set(bird, "-PidsLimit 9");

        AssertApplied(bird, isRunning: true, 32 << 20, 9);
    }

    [Fact]
    public void Changes_at_the_same_time_are_all_made()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        using var first = NewSession();
        using var second = NewSession();
        using var memory = first.Begin($"1..20 | ForEach-Object {{ Set-Container -Id {bird.Id} -Memory (32MB + $_ * 1MB) }}");
        using var pids = second.Begin($"1..20 | ForEach-Object {{ Set-Container -Id {bird.Id} -PidsLimit (20 + $_) }}");
        for (var i = 0; i < 20; i++)
            Session.Run($"Rename-Container -Id {bird.Id} {Name($"robin{i}")}");

        Assert.Empty(memory.Wait().Errors.Concat(pids.Wait().Errors));
        Assert.Equal("Memory=54525952 PidsLimit=40", Get(Name("robin19")).Limits.ToString());
        AssertApplied(bird, isRunning: true, 52 << 20, 40);
    }

    [Fact]
    public void What_if_and_no_change_nothing()
    {
        var bird = Create(Name("bird"), "", "true");

        Assert.Empty(Session.Run($"Set-Container {bird.Name} -Memory 64MB -WhatIf; Set-Container {bird.Name} -Memory 64MB -Confirm").Output);

        Assert.Equal("none", Get(bird.Name).Limits.ToString());
    }

    private ContainerInfo Set(ContainerInfo container, string limits) => Session.Run($"Set-Container -Id {container.Id} {limits}").Container;

    /// <summary>What a command has written by the time it is killed.</summary>
    private static void KillHalfWay(ContainerInfo container, long memory)
    {
        var path = $"{container.BundlePath}/container.json";
        var record = JsonNode.Parse(File.ReadAllText(path))!;
        record["spec"]!["limits"]!["memory"] = memory;
        record["isChanging"] = true;
        File.WriteAllText(path, record.ToJsonString());
    }

    private static void AssertApplied(ContainerInfo container, bool isRunning, long? memory, long? pids)
    {
        var resources = JsonNode.Parse(File.ReadAllText($"{container.BundlePath}/config.json"))!["linux"]!["resources"]!;
        Assert.Equal((memory, memory * 2, pids), ((long?)resources["memory"]?["limit"], (long?)resources["memory"]?["swap"], (long?)resources["pids"]?["limit"]));
        if (!isRunning)
            return;
        var usage = Cgroup.Of(container.Id).ReadUsage();
        Assert.Equal((memory, pids), (usage.MemoryLimit, usage.PidsLimit));
    }
}
