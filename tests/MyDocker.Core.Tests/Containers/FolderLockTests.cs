using System.Globalization;
using MyDocker.Interop;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_holder_at_a_time()
    {
        using (FolderLock.Acquire(folder.Path))
            Assert.Null(FolderLock.TryAcquire(folder.Path));
        using var again = FolderLock.TryAcquire(folder.Path);
        Assert.NotNull(again);
    }

    [Fact]
    public void Threads_take_turns()
    {
        var inside = 0;
        var turns = 0;
        var overlapped = false;
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                using (FolderLock.Acquire(folder.Path))
                {
                    overlapped |= Interlocked.Increment(ref inside) != 1;
                    turns++;
                    Interlocked.Decrement(ref inside);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.False(overlapped);
        Assert.Equal(8 * 25, turns);
    }

    [Fact]
    public void Another_process_is_kept_out_and_a_killed_one_lets_go()
    {
        // --no-fork: the lock belongs to the sleeping process itself.
        using var holder = Tool.Start(Require.Program("flock"), "--no-fork", folder.Path, "sleep", "60");
        try
        {
            Eventually.True(() => IsTaken(folder.Path), "flock(1) takes the lock");
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.Throws<OperationCanceledException>(() => FolderLock.Acquire(folder.Path, impatient.Token));
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }

        Assert.False(IsTaken(folder.Path));

        using (FolderLock.Acquire(folder.Path))
        {
            using var refused = Tool.Start(Require.Program("flock"), "--nonblock", "--conflict-exit-code", "42", folder.Path, "true");
            refused.WaitForExit();
            Assert.Equal(42, refused.ExitCode);
        }
    }

    [Fact]
    public void A_process_that_is_just_being_started_does_not_keep_it()
    {
        // Between fork and exec a child shares our open files; a second descriptor does so for as long as we like.
        const int Spare = 240;
        var held = FolderLock.Acquire(folder.Path);
        var number = Directory.GetFiles("/proc/self/fd").Concat(Directory.GetDirectories("/proc/self/fd"))
            .First(path => new FileInfo(path).LinkTarget == folder.Path)["/proc/self/fd/".Length..];
        using var ours = new FileDescriptor(int.Parse(number, CultureInfo.InvariantCulture));
        Execution.Duplicate(ours, Spare);
        ours.SetHandleAsInvalid();
        using var childs = new FileDescriptor(Spare);

        held.Dispose();
        Assert.False(IsTaken(folder.Path));
    }

    [Fact]
    public void Cancellation_ends_the_wait_at_once()
    {
        using var held = FolderLock.Acquire(folder.Path);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => FolderLock.Acquire(folder.Path, cancellation.Token));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error()
    {
        Assert.Throws<DirectoryNotFoundException>(() => FolderLock.Acquire(folder["none"]));
        File.WriteAllText(folder["file"], "");
        Assert.Throws<DirectoryNotFoundException>(() => FolderLock.Acquire(folder["file"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_goes_while_we_wait_is_an_error(bool isRenamed)
    {
        var path = Directory.CreateDirectory(folder["going"]).FullName;
        var held = FolderLock.Acquire(path);
        var waiting = Task.Run(() => FolderLock.Acquire(path));
        await Task.Delay(30);
        if (isRenamed)
            Directory.Move(path, folder["gone"]);
        else
            Directory.Delete(path);
        held.Dispose();
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => waiting);
    }

    [Fact]
    public void The_lock_goes_along_when_the_folder_is_renamed()
    {
        Directory.CreateDirectory(folder["draft"]);
        using var held = FolderLock.Acquire(folder["draft"]);
        Directory.Move(folder["draft"], folder["done"]);
        Assert.Null(FolderLock.TryAcquire(folder["done"]));
    }

    private static bool IsTaken(string path)
    {
        using var held = FolderLock.TryAcquire(path);
        return held is null;
    }
}
