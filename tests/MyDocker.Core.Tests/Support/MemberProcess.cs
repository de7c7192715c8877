using Mono.Unix.Native;
using MyDocker.Cgroups;
using MyDocker.Interop;
using MyDocker.Processes;

namespace MyDocker.Tests.Support;

/// <summary>A process inside a control group, brought there as the helper does it; killed at the end.</summary>
internal sealed class MemberProcess : IDisposable
{
    private readonly int pid;
    private readonly FileDescriptor process;

    public MemberProcess(Cgroup cgroup, string script)
    {
        var started = 0;
        // A thread that is about to end: it goes into the v1 groups, and its child is born there.
        var thread = new Thread(() =>
        {
            cgroup.EnterWithCallingThread();
            started = Spawning.StartChild("/bin/sh", ["sh", "-c", $"kill -STOP $$; {script}"], ["PATH=/usr/bin:/bin"]);
        });
        thread.Start();
        thread.Join();
        pid = started;
        process = PidFd.TryOpen(pid)!;
        // Into the v2 group by its number: being born there takes a clone of our own, between whose two halves a managed
        // runtime with just-in-time code can't live.
        // It stands still meanwhile, as what it starts before would stay outside.
        Eventually.True(() => ProcessStat.TryRead(pid)?.State == 'T', "the process stops itself");
        using var birthPlace = cgroup.BirthPlace();
        if (birthPlace is not null)
            Files.WriteControl($"{birthPlace.ProcPath}/cgroup.procs", $"{pid}");
        _ = PidFd.Send(process, (int)Signum.SIGCONT);
    }

    public int Pid => pid;

    public bool HasEnded => ProcessStat.TryRead(pid) is not { IsDead: false };

    public ProcessEnd Wait()
    {
        Eventually.True(() => HasEnded, "the process in the group ends");
        return PidFd.TryReap(process)!.Value;
    }

    public void Dispose()
    {
        using (process)
        {
            _ = PidFd.Send(process, (int)Signum.SIGKILL);
            Eventually.True(() => HasEnded, "the process in the group ends");
            try
            {
                _ = PidFd.TryReap(process);
            }
            catch (SyscallException)
            {
                // Reaped by the test.
            }
        }
    }
}
