using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MyDocker.Cgroups;
using MyDocker.Interop;

namespace MyDocker.Tests.Interop;

public class StructLayoutTests
{
    /// <summary>Ours; the C type; C's expression for our size; our fields and C's, all of them.</summary>
    private static readonly (Type Ours, string Native, string Size, (string Ours, string Native)[] Fields)[] Structs =
    [
        (typeof(Cloning.CloneArguments), "struct clone_args", "CLONE_ARGS_SIZE_VER2",
        [
            ("Flags", "flags"), ("PidFd", "pidfd"), ("ChildTid", "child_tid"), ("ParentTid", "parent_tid"), ("ExitSignal", "exit_signal"),
            ("Stack", "stack"), ("StackSize", "stack_size"), ("Tls", "tls"), ("SetTid", "set_tid"), ("SetTidSize", "set_tid_size"), ("Cgroup", "cgroup"),
        ]),
        (typeof(Files.OpenHow), "struct open_how", "sizeof(struct open_how)", [("Flags", "flags"), ("Mode", "mode"), ("Resolve", "resolve")]),
        (typeof(Files.Statx), "struct statx", "sizeof(struct statx)",
        [
            ("Nlink", "stx_nlink"), ("Uid", "stx_uid"), ("Gid", "stx_gid"), ("Mode", "stx_mode"), ("Ino", "stx_ino"), ("Size", "stx_size"),
            ("AccessSeconds", "stx_atime.tv_sec"), ("AccessNanoseconds", "stx_atime.tv_nsec"),
            ("ModifySeconds", "stx_mtime.tv_sec"), ("ModifyNanoseconds", "stx_mtime.tv_nsec"),
            ("RdevMajor", "stx_rdev_major"), ("RdevMinor", "stx_rdev_minor"), ("DevMajor", "stx_dev_major"), ("DevMinor", "stx_dev_minor"),
            ("BirthSeconds", "stx_btime.tv_sec"), ("BirthNanoseconds", "stx_btime.tv_nsec"),
            ("ChangeSeconds", "stx_ctime.tv_sec"), ("ChangeNanoseconds", "stx_ctime.tv_nsec"),
        ]),
        (typeof(LocalSockets.Address), "struct sockaddr_un", "sizeof(struct sockaddr_un)", [("Family", "sun_family"), ("Path", "sun_path")]),
        (typeof(Polling.Entry), "struct pollfd", "sizeof(struct pollfd)", [("Descriptor", "fd"), ("Events", "events"), ("Ready", "revents")]),
        (typeof(Channels.IoVector), "struct iovec", "sizeof(struct iovec)", [("Base", "iov_base"), ("Length", "iov_len")]),
        (typeof(Channels.MessageHeader), "struct msghdr", "sizeof(struct msghdr)",
        [
            ("Name", "msg_name"), ("NameLength", "msg_namelen"), ("Vectors", "msg_iov"), ("VectorCount", "msg_iovlen"),
            ("Control", "msg_control"), ("ControlLength", "msg_controllen"), ("Flags", "msg_flags"),
        ]),
        // The data begins right behind the header, where CMSG_DATA looks for it.
        (typeof(Channels.DescriptorMessage), "struct cmsghdr", "CMSG_SPACE(sizeof(int))",
            [("Length", "cmsg_len"), ("Level", "cmsg_level"), ("Type", "cmsg_type"), ("Descriptor", "__cmsg_data")]),
        (typeof(PidFd.SigInfo), "siginfo_t", "sizeof(siginfo_t)", [("Code", "si_code"), ("Pid", "si_pid"), ("Status", "si_status")]),
        (typeof(Mounting.MountAttributes), "struct mount_attr", "sizeof(struct mount_attr)",
            [("Set", "attr_set"), ("Clear", "attr_clr"), ("Propagation", "propagation"), ("UserNamespace", "userns_fd")]),
        (typeof(MyDocker.Interop.Terminals.WindowSize), "struct winsize", "sizeof(struct winsize)",
            [("Rows", "ws_row"), ("Columns", "ws_col"), ("PixelWidth", "ws_xpixel"), ("PixelHeight", "ws_ypixel")]),
        (typeof(DeviceFilter.LoadAttributes), "union bpf_attr", "offsetof(union bpf_attr, prog_name)",
        [
            ("Type", "prog_type"), ("InstructionCount", "insn_cnt"), ("Instructions", "insns"), ("License", "license"), ("LogLevel", "log_level"),
            ("LogSize", "log_size"), ("LogBuffer", "log_buf"), ("KernelVersion", "kern_version"), ("ProgramFlags", "prog_flags"),
        ]),
        (typeof(DeviceFilter.AttachAttributes), "union bpf_attr", "offsetof(union bpf_attr, attach_flags) + sizeof(__u32)",
            [("Target", "target_fd"), ("Program", "attach_bpf_fd"), ("Type", "attach_type"), ("Flags", "attach_flags")]),
    ];

    /// <summary>Numbers that the code writes without a struct of its own.</summary>
    private static readonly (string Native, long Ours)[] Numbers =
    [
        ("sizeof(sigset_t)", 128),
        ("sizeof(struct termios)", TerminalSettings.Size),
        ("sizeof(struct sigaction) <= 256", 1),
        ("sizeof(struct statfs) <= 128", 1),
        ("offsetof(struct statfs, f_type)", 0),
        ("sizeof(struct ifreq)", 40),
        ("offsetof(struct ifreq, ifr_flags)", 16),
        ("sizeof(struct timespec)", 16),
        ("offsetof(struct timespec, tv_nsec)", 8),
        ("sizeof(struct inotify_event)", 16),
        ("offsetof(struct inotify_event, wd)", 0),
        ("offsetof(struct inotify_event, len)", 12),
        ("offsetof(struct linux_dirent64, d_reclen)", 16),
        ("offsetof(struct linux_dirent64, d_name)", 19),
        ("sizeof(struct rlimit64)", 16),
        ("sizeof(struct __user_cap_header_struct)", 8),
        ("sizeof(struct __user_cap_data_struct) * _LINUX_CAPABILITY_U32S_3", 24),
        ("sizeof(struct bpf_insn)", 8),
        ("offsetof(struct bpf_cgroup_dev_ctx, major)", 4),
        ("offsetof(struct bpf_cgroup_dev_ctx, minor)", 8),
    ];

    [Fact]
    public void Structs_are_laid_out_as_C_lays_them_out()
    {
        List<(string What, long Ours, string Native)> all = [.. Numbers.Select(number => (number.Native, number.Ours, number.Native))];
        foreach (var (ours, native, size, fields) in Structs)
        {
            all.Add(($"sizeof {ours.Name}", SizeOf(ours), size));
            all.AddRange(fields.Select(field => ($"{ours.Name}.{field.Ours}", (long)Marshal.OffsetOf(ours, field.Ours), $"offsetof({native}, {field.Native})")));
        }

        var values = NativeValues.Of(all.Select(entry => entry.Native));
        Assert.Equal(all.Zip(values, (entry, value) => $"{entry.What} = {value}"), all.Select(entry => $"{entry.What} = {entry.Ours}"));
    }

    [Fact]
    public void Every_struct_and_field_that_the_kernel_sees_is_compared()
    {
        var structs = typeof(Files).Assembly.GetTypes().Where(type => type is { IsValueType: true, IsEnum: false, IsNested: true, StructLayoutAttribute.Value: not LayoutKind.Auto }
            && type.DeclaringType!.Namespace is "MyDocker.Interop" or "MyDocker.Cgroups" && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.StartsWith('<'));
        Assert.Equal(structs.Select(type => type.Name).Order(), Structs.Select(entry => entry.Ours.Name).Order());
        Assert.All(Structs, entry => Assert.Equal(
            entry.Ours.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.Name).Order(),
            entry.Fields.Select(field => field.Ours).Order()));
    }

    private static long SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
