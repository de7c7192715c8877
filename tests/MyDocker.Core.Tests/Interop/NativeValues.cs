using System.Globalization;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Interop;

/// <summary>What the machine's own C compiler and headers say: the value of each expression, in their order.</summary>
internal static class NativeValues
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <signal.h>
        #include <spawn.h>
        #include <termios.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <unistd.h>
        #include <net/if.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/inotify.h>
        #include <sys/ioctl.h>
        #include <sys/mman.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/un.h>
        #include <sys/vfs.h>
        #include <sys/wait.h>
        #include <linux/bpf.h>
        #include <linux/capability.h>
        #include <linux/close_range.h>
        #include <linux/keyctl.h>
        #include <linux/magic.h>
        #include <linux/openat2.h>
        #include <linux/sched.h>
        #ifndef MOUNT_ATTR_RDONLY // glibc before 2.36 leaves it to the kernel's header
        #include <linux/mount.h>
        #endif
        #ifndef AT_RECURSIVE // linux/fcntl.h has it, but not beside fcntl.h
        #define AT_RECURSIVE 0x8000
        #endif
        // getdents64(2): "glibc gives no definition".
        struct linux_dirent64 { unsigned long long d_ino; long long d_off; unsigned short d_reclen; unsigned char d_type; char d_name[]; };

        """;

    public static IReadOnlyList<long> Of(IEnumerable<string> expressions)
    {
        var compiler = Require.Program("cc", "gcc", "clang");
        using var folder = new TemporaryFolder();
        var lines = expressions.Select(expression => $"    printf(\"%lld\\n\", (long long)({expression}));\n");
        File.WriteAllText(folder["values.c"], $"{Headers}int main(void)\n{{\n{string.Concat(lines)}    return 0;\n}}\n");
        Tool.Run(compiler, "-o", folder["values"], folder["values.c"]);
        return [.. Tool.Run(folder["values"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];
    }
}
