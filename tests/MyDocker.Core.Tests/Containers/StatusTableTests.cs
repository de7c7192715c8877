using static MyDocker.ContainerStatus;

namespace MyDocker.Tests.Containers;

public class StatusTableTests
{
    /// <summary>Written by hand: what each status may become. Whatever is not here must be refused.</summary>
    private static readonly Dictionary<ContainerStatus, ContainerStatus[]> Table = new()
    {
        [Created] = [Running],
        [Running] = [Paused, Stopping, Exited, Restarting],
        [Paused] = [Running, Stopping, Exited],
        [Stopping] = [Stopping, Stopped],
        [Stopped] = [Running],
        [Exited] = [Running],
        [Restarting] = [Running, Stopped, Exited],
    };

    public static TheoryData<ContainerStatus, ContainerStatus> EveryPair()
    {
        var pairs = new TheoryData<ContainerStatus, ContainerStatus>();
        foreach (var from in Enum.GetValues<ContainerStatus>())
        {
            foreach (var to in Enum.GetValues<ContainerStatus>())
                pairs.Add(from, to);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Listed_transitions_pass_and_every_other_fails(ContainerStatus from, ContainerStatus to) =>
        Assert.Equal(Table[from].Contains(to), from.CanBecome(to));

    [Fact]
    public void The_table_knows_every_status() => Assert.Equal(Enum.GetValues<ContainerStatus>(), Table.Keys.Order());

    [Theory]
    [InlineData(Created, false)]
    [InlineData(Running, true)]
    [InlineData(Paused, true)]
    [InlineData(Stopping, true)]
    [InlineData(Stopped, false)]
    [InlineData(Exited, false)]
    [InlineData(Restarting, false)]
    public void Alive_is_what_has_a_process(ContainerStatus status, bool expected) => Assert.Equal(expected, status.IsAlive());
}
