using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>A container dies between the look at it and the joining. MYDOCKER_TEST_ROUNDS=500 takes a minute or two.</summary>
public sealed class ExecRaceAttacks(Machine machine) : CommandTest(machine)
{
    private const int Moments = 25;

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("MYDOCKER_TEST_ROUNDS"), out var rounds) ? rounds : 100;

    [Theory(DisplayName = "ATTACKS: exec racing with stop: it runs inside or not at all, nothing hangs, nothing is left")]
    [InlineData("Stop-Container {0} -Force")]
    [InlineData("Remove-Container {0} -Force")]
    public void Each_has_either_run_or_failed(string end)
    {
        var hosts = new FileInfo("/proc/self/ns/mnt").LinkTarget!;
        int ran = 0, killed = 0, refused = 0;
        using var other = NewSession();
        for (var round = 0; round < Rounds / 2; round++)
        {
            var bird = Session.Try($"Get-Container {Bird}").Output.Count > 0 ? Session.Run($"Start-Container {Bird}").Container : StartBird();
            using var running = other.Begin($"$global:LASTEXITCODE = 99; Invoke-ContainerCommand {Bird} readlink /proc/self/ns/mnt");
            Thread.Sleep(TimeSpan.FromMilliseconds(round % Moments * 0.8));
            Session.Run(string.Format(null, end, Bird));
            Eventually.True(() => running.IsCompleted, "the command has ended, one way or the other");

            var outcome = running.Wait();
            if (outcome.Errors.Count > 0)
            {
                var id = Assert.Single(outcome.Errors).FullyQualifiedErrorId.Split(',')[0];
                Assert.True(id is nameof(ContainerError.ContainerNotRunning) or nameof(ContainerError.ContainerNotFound), $"{id}: {outcome.Errors[0]}");
                refused++;
            }
            else if (other.LastExitCode is 0)
            {
                Assert.NotEqual(hosts, Assert.Single(outcome.Lines));
                ran++;
            }
            else
            {
                Assert.Equal(137, other.LastExitCode);
                killed++;
            }

            Assert.Empty(HostCgroup.Of(bird.Id));
        }

        Eventually.True(() => !HostProcess.All().Any(pid => HostProcess.CommandLine(pid).Contains($" exec {Bird} ", StringComparison.Ordinal)), "no helper is left");

        TestContext.Current.TestOutputHelper?.WriteLine($"{ran} ran, {killed} were killed, {refused} were refused");
    }
}
