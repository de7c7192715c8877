using Mono.Unix.Native;
using MyDocker.Processes;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>State files that name a process which is not the container's.</summary>
public sealed class IdentityAttacks(Machine machine) : ContainerTest(machine)
{
    public static TheoryData<string> Commands => ["Stop-Container {0}", "Stop-Container {0} -Force", "Restart-Container {0}", "Remove-Container {0} -Force", "Wait-Container {0}"];

    [Theory(DisplayName = "ATTACKS: pid reuse kills a stranger")]
    [MemberData(nameof(Commands))]
    public void A_recycled_pid_is_never_signalled(string command) =>
        RequireUntouched(command, stranger => ProcessIdentity.TryRead(stranger)! with { StartTime = 1 });

    [Theory(DisplayName = "ATTACKS: pid reuse after a reboot kills a stranger")]
    [MemberData(nameof(Commands))]
    public void A_pid_of_another_boot_is_never_signalled(string command) =>
        RequireUntouched(command, stranger => ProcessIdentity.TryRead(stranger)! with { BootId = Guid.NewGuid().ToString() });

    private void RequireUntouched(string command, Func<int, ProcessIdentity> forge)
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        var container = ContainerStore.FromEnvironment().FindById(bird.Id);
        var state = container.ReadState()!;
        HostProcess.Kill(state.Monitor.Pid);
        HostProcess.Kill(bird.Pid!.Value);
        using var stranger = HostProcess.Sleep();
        try
        {
            container.WriteState(state with { Process = forge(stranger.Id), Monitor = forge(stranger.Id) });

            Assert.Equal((ContainerStatus.Exited, StopReason.Lost, null), Get(bird.Name) is var now ? (now.Status, now.StopReason, now.Pid) : default);
            Session.Run(string.Format(null, command, bird.Name));

            Assert.True(HostProcess.IsAlive(stranger.Id));
        }
        finally
        {
            HostProcess.Signal(stranger.Id, Signum.SIGKILL);
            stranger.WaitForExit();
        }
    }
}
