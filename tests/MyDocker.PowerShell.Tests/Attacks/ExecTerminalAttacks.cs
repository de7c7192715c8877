using System.Text;
using MyDocker.Interop;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>A terminal for a command is asked for in a container that has replaced what terminals are made of.</summary>
public sealed class ExecTerminalAttacks(Machine machine) : CommandTest(machine)
{
    [Theory(DisplayName = "ATTACKS: 2025-52565 /dev/pts/N swapped during the console bind")]
    [InlineData("mount -t tmpfs none /dev/pts; ln -s /etc/passwd /dev/pts/ptmx; echo ready; exec sleep 300", false)]
    [InlineData("mount -t tmpfs none /dev/pts; mkfifo /dev/pts/ptmx; echo ready; exec sleep 300", false)]
    [InlineData("mount -t tmpfs none /dev/pts; mknod /dev/pts/ptmx c 1 3; echo ready; exec sleep 300", false)]
    [InlineData("umount -l /dev/pts; echo ready; exec sleep 300", false)]
    [InlineData("ln -s /etc/passwd /dev/shm/0; mkdir /fake; ln -s /etc/passwd /fake/ptmx; touch /fake/0; echo ready; while :; do mount --bind /fake /dev/pts; umount -l /dev/pts; done", true)]
    [InlineData("echo ready; while :; do mount --bind /etc/passwd /dev/pts/0; umount -l /dev/pts/0; done", true)]
    public void A_terminal_is_a_terminal_or_there_is_none(string script, bool mayWork)
    {
        var bird = StartReady(Bird, script, "-CapabilityAdd SYS_ADMIN");
        var container = ContainerStore.FromEnvironment().FindById(bird.Id);
        var accounts = File.ReadAllText($"/proc/{bird.Pid}/root/etc/passwd");

        for (var round = 0; round < (mayWork ? 100 : 3); round++)
        {
            try
            {
                using var session = container.Exec(
                    new ExecRequest { Command = ["sh", "-c", "echo tweet; exec sleep 301"], Terminal = new TerminalSize(80, 24) }, _ => { }, TestContext.Current.CancellationToken);
                Assert.True(mayWork);
                var heard = "";
                Eventually.True(() => (heard += Read(session.Terminal!)).Contains("tweet\r\n", StringComparison.Ordinal), "the command is at that terminal");
            }
            catch (ContainerException exception)
            {
                Assert.Equal(ContainerError.ContainerCommandFailed, exception.Error);
            }
        }

        Assert.Equal(accounts, File.ReadAllText($"/proc/{bird.Pid}/root/etc/passwd"));
    }

    private static string Read(FileDescriptor terminal)
    {
        var buffer = new byte[100];
        var length = Files.TryRead(terminal.Number, buffer);
        return Encoding.ASCII.GetString(buffer, 0, (int)Math.Max(0, length));
    }
}
