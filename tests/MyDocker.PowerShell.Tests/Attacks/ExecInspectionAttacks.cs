using System.Globalization;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>A process of the container looks for the one that joins it, and for what that holds and may do.</summary>
public sealed class ExecInspectionAttacks(Machine machine) : CommandTest(machine)
{
    /// <summary>Says of every process that is called as the helper is: its capabilities, its descriptors, its mounts, and whether it could be attached to.</summary>
    private const string Spy = """
        #include <dirent.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        #include <sys/ptrace.h>
        #include <sys/wait.h>

        static void grep(int pid, const char *file, const char *what)
        {
            char path[64], line[512];
            snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
            FILE *f = fopen(path, "r");
            while (f && fgets(line, sizeof line, f))
                if (strstr(line, what)) printf("%s %s", file, line);
            if (f) fclose(f);
        }

        static void look(int pid)
        {
            char path[64], name[16] = "", target[512];
            snprintf(path, sizeof path, "/proc/%d/comm", pid);
            int comm = open(path, O_RDONLY);
            if (comm < 0) return;
            int length = read(comm, name, sizeof name - 1);
            close(comm);
            if (length <= 0 || strncmp(name, "mydocker", 8)) return;
            grep(pid, "status", "CapPrm");
            grep(pid, "mountinfo", " / / ");
            snprintf(path, sizeof path, "/proc/%d/fd", pid);
            DIR *folder = opendir(path);
            for (struct dirent *entry; folder && (entry = readdir(folder));) {
                char link[400];
                snprintf(link, sizeof link, "%s/%s", path, entry->d_name);
                int n = readlink(link, target, sizeof target - 1);
                if (n > 0) printf("fd %.*s\n", n, target);
            }
            if (folder) closedir(folder);
            snprintf(path, sizeof path, "/proc/%d/exe", pid);
            int exe = open(path, O_WRONLY);
            if (exe >= 0) printf(write(exe, "x", 1) > 0 ? "overwritten\n" : "not writable\n");
            if (exe >= 0) close(exe);
            if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0) {
                ptrace(PTRACE_INTERRUPT, pid, 0, 0);
                waitpid(pid, 0, __WALL);
                grep(pid, "status", "CapPrm");
                // Not by now the command that it has executed, which is anybody's in the container.
                grep(pid, "comm", "mydocker");
                ptrace(PTRACE_DETACH, pid, 0, 0);
            }
        }

        int main(void)
        {
            setvbuf(stdout, 0, _IOLBF, 0);
            printf("ready\n");
            for (int last = getpid();;) {
                // New processes have the next numbers.
                for (int pid = last + 1; pid < last + 8; pid++) look(pid);
                char path[64];
                snprintf(path, sizeof path, "/proc/loadavg");
                FILE *f = fopen(path, "r");
                int newest = 0;
                if (f && fscanf(f, "%*s %*s %*s %*s %d", &newest) == 1 && newest > last + 6) last = newest - 3;
                if (f) fclose(f);
            }
        }
        """;

    [Theory(DisplayName = "ATTACKS: 2016-9962 the process that joins a container is traced and robbed by one inside")]
    [InlineData("")]
    [InlineData("-CapabilityAdd SYS_PTRACE")]
    public void Who_joins_is_never_seen_with_more_rights_than_the_container_has(string options)
    {
        var compiler = ((string[])["/usr/bin/cc", "/usr/bin/gcc"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(compiler is null, "There is no C compiler.");
        var folder = Directory.CreateTempSubdirectory("mydocker-spy-").FullName;
        try
        {
            File.WriteAllText($"{folder}/spy.c", Spy);
            using var compiling = System.Diagnostics.Process.Start(compiler, ["-static", "-O1", "-o", $"{folder}/spy", $"{folder}/spy.c"]);
            compiling.WaitForExit();
            Assert.Equal(0, compiling.ExitCode);
            var bird = Start(Bird, $"-Volume {folder}:/spy:ro {options}", "/spy/spy");
            AwaitLog(bird, "ready");
            var held = Convert.ToUInt64(File.ReadLines($"/proc/{bird.Pid}/status").First(line => line.StartsWith("CapBnd", StringComparison.Ordinal)).Split('\t')[1], 16);

            for (var round = 0; round < 200; round++)
                Session.Run($"'x' | Invoke-ContainerCommand {Bird} true");

            var seen = File.ReadLines(bird.LogPath).Select(line => line.Split(' ', 4)[3]).ToList();
            Assert.All(seen.Where(line => line.Contains("CapPrm", StringComparison.Ordinal)), line =>
                Assert.Equal(0UL, ulong.Parse(line.Split('\t')[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & ~held));
            Assert.All(seen.Where(line => line.StartsWith("fd ", StringComparison.Ordinal)), line => Assert.Matches("^fd (pipe:|socket:|/dev/null)", line));
            Assert.DoesNotContain("overwritten", seen);
            if (options.Length == 0)
                Assert.DoesNotContain("comm mydocker-exec", seen);
        }
        finally
        {
            Session.Try($"Remove-Container {Bird} -Force");
            Directory.Delete(folder, true);
        }
    }
}
