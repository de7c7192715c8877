using System.Diagnostics;
using System.Globalization;
using System.Text;
using MyDocker.Processes;

namespace MyDocker.Tests.Support;

/// <summary>A container whose log is made by hand, with a second between its entries.</summary>
internal sealed class HandmadeLog : IDisposable
{
    /// <summary>The time of entry 0.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryStore store = new();
    private Process? process;
    private int entries;

    public HandmadeLog(string name = "bird") => Container = store.Create(name);

    public Container Container { get; private set; }

    public string Path => $"{Container.Folder}/{MyDocker.Container.LogFile}";

    public static DateTimeOffset TimeOf(int entry) => Beginning.AddSeconds(entry);

    public static string Entry(int number, string stream, string tag, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{TimeOf(number).UtcDateTime:O} {stream} {tag} {text}\n");

    /// <summary>Adds entries: "out F text", "err P text", one second after the other.</summary>
    public void Add(params string[] lines)
    {
        foreach (var line in lines)
        {
            var parts = line.Split(' ', 3);
            AddBytes(Encoding.Latin1.GetBytes(Entry(entries++, "std" + parts[0], parts[1], parts[2])));
        }
    }

    public void AddBytes(byte[] bytes)
    {
        using var file = new FileStream(Path, FileMode.Append);
        file.Write(bytes);
    }

    /// <summary>What a monitor does at the maximum size.</summary>
    public void Rotate()
    {
        if (File.Exists($"{Path}.1"))
            File.Move($"{Path}.1", $"{Path}.2", overwrite: true);
        File.Move(Path, $"{Path}.1");
    }

    /// <summary>Makes a process that does nothing look like the container's monitor and its first process.</summary>
    public void PretendToRun(DateTimeOffset startedAt, int run = 1)
    {
        process = Process.Start("sleep", "300");
        var identity = ProcessIdentity.TryRead(process.Id)!;
        Container.WriteState(new RunState { Run = run, Process = identity, Monitor = identity, StartedAt = startedAt });
    }

    public void PretendToEnd(int run = 1)
    {
        Container.WriteExit(new ExitRecord
        {
            Run = run,
            Status = ContainerStatus.Exited,
            Reason = StopReason.Exited,
            ExitCode = 0,
            StartedAt = Beginning,
            FinishedAt = DateTimeOffset.UtcNow,
        });
        EndProcess();
    }

    public void Remove() => Container.Remove(force: false, CancellationToken.None);

    public IEnumerable<ContainerLogLine> Read(LogSelection selection, CancellationToken cancellation = default) =>
        Container.ReadLogs([Container], selection, Fail, failure => throw failure, cancellation);

    public IEnumerable<string> Texts(LogSelection? selection = null) => Read(selection ?? new LogSelection()).Select(line => line.Text);

    public void Dispose()
    {
        EndProcess();
        store.Dispose();
    }

    private void EndProcess()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    private static void Fail(string warning) => Assert.Fail(warning);
}
