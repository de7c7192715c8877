using System.Text;
using MyDocker.Processes;

namespace MyDocker.Tests.Processes;

public class ProcessStatTests
{
    private const string AfterState = " 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200 18446744073709551615 0 0 0\n";

    [Theory]
    [InlineData("bird", 'S', false)]
    [InlineData("bird", 'R', false)]
    [InlineData("bird", 'D', false)]
    [InlineData("bird", 'T', false)]
    [InlineData("bird", 'Z', true)]
    [InlineData("bird", 'X', true)]
    [InlineData("bird", 'x', true)]
    [InlineData("a b", 'S', false)]
    [InlineData(") Z 1", 'S', false)]
    [InlineData("((", 'S', false)]
    [InlineData("))", 'S', false)]
    [InlineData("a\nb) R 2 (", 'Z', true)]
    [InlineData("", 'S', false)]
    public void A_name_may_be_anything(string name, char state, bool isDead)
    {
        var stat = ProcessStat.TryParse(Encoding.UTF8.GetBytes($"42 ({name}) {state}{AfterState}"));
        Assert.Equal(new ProcessStat(name, state, 987654, ProcessorTime: 3), stat);
        Assert.Equal(isDead, stat!.Value.IsDead);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("42 (bird")]
    [InlineData("42 bird) S 1")]
    [InlineData(")(")]
    [InlineData("42 (bird)")]
    [InlineData("42 (bird) S")]
    [InlineData("42 (bird) S 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0")]
    [InlineData("42 (bird) S 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 x 1000 200 0 0")]
    [InlineData("42 (bird) S 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 -1 1000 200 0 0")]
    [InlineData("42 (bird) S 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 99999999999999999999 1000 200 0 0")]
    [InlineData("42 (bird) SS 1 7 7 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200 0 0")]
    public void What_is_no_such_line_is_null(string line) => Assert.Null(ProcessStat.TryParse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_name_that_is_not_UTF8_is_no_obstacle()
    {
        byte[] line = [.. "42 ("u8, 0xFF, 0xFE, .. ") S"u8, .. Encoding.ASCII.GetBytes(AfterState)];
        Assert.Equal(987654UL, ProcessStat.TryParse(line)!.Value.StartTime);
    }

    [Fact]
    public void Our_own_process_is_read_from_proc()
    {
        var stat = ProcessStat.TryRead(Environment.ProcessId);
        Assert.NotNull(stat);
        Assert.False(stat.Value.IsDead);
        Assert.True(stat.Value.StartTime > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_number_that_nobody_has_is_null(int pid) => Assert.Null(ProcessStat.TryRead(pid));
}
