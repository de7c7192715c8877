using Mono.Unix.Native;
using MyDocker.Processes;

namespace MyDocker.Tests.Processes;

public class SignalStateTests
{
    private const string Status = """
        Name:	SigCgt: 0
        State:	S (sleeping)
        SigQ:	0/100
        SigPnd:	0000000000000000
        ShdPnd:	0000000000000000
        SigBlk:	0000000000000002
        SigIgn:	0000000000001000
        SigCgt:	8000000000004001
        CapInh:	0000000000000000
        """;

    [Fact]
    public void The_masks_are_read() => Assert.Equal(new SignalState(0x2, 0x1000, 0x8000000000004001), SignalState.TryParse(Status));

    [Theory]
    [InlineData(Signum.SIGHUP, false)] // caught
    [InlineData(Signum.SIGINT, false)] // blocked: a handler may come
    [InlineData(Signum.SIGTERM, false)] // caught
    [InlineData(Signum.SIGPIPE, true)] // ignored
    [InlineData(Signum.SIGUSR1, true)] // default action, which PID 1 has not got
    [InlineData(Signum.SIGKILL, false)]
    [InlineData(Signum.SIGSTOP, false)]
    public void PID_1_gets_only_what_it_catches_or_blocks(Signum signal, bool discarded) =>
        Assert.Equal(discarded, SignalState.TryParse(Status)!.Value.WouldDiscardAsInit(signal));

    [Theory]
    [InlineData("")]
    [InlineData("SigBlk:\t0\nSigIgn:\t0\n")]
    [InlineData("SigBlk:\t0\nSigIgn:\t0\nSigCgt:\t\n")]
    [InlineData("SigBlk:\t0\nSigIgn:\t0\nSigCgt:\tnone\n")]
    [InlineData("SigBlk:\t0\nSigIgn:\t0\nSigCgt:\t-1\n")]
    [InlineData("SigBlk:\t0\nSigIgn:\t0\nSigCgt:\t10000000000000000\n")]
    [InlineData("SigBlk 0\nSigIgn 0\nSigCgt 0\n")]
    public void A_mask_that_is_missing_or_no_number_gives_null(string text) => Assert.Null(SignalState.TryParse(text));

    [Fact]
    public void Our_own_process_ignores_SIGPIPE_as_every_NET_process_does()
    {
        var state = SignalState.TryRead(Environment.ProcessId);
        Assert.NotNull(state);
        Assert.NotEqual(0UL, state.Value.Ignored & (1UL << ((int)Signum.SIGPIPE - 1)));
        Assert.Null(SignalState.TryRead(int.MaxValue));
    }
}
