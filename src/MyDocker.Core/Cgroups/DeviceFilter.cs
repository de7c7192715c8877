using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Cgroups;

/// <summary>
/// Which devices a v2 group may open: a BPF program of type BPF_PROG_TYPE_CGROUP_DEVICE, as v2 has no devices controller.
/// See bpf(2), and bpf_cgroup_dev_ctx in linux/bpf.h.
/// </summary>
internal static unsafe class DeviceFilter
{
    // struct bpf_cgroup_dev_ctx { u32 access_type (type in the low half, access in the high half); u32 major; u32 minor; }
    private const byte ContextRegister = 1, TypeRegister = 2, AccessRegister = 3, MajorRegister = 4, MinorRegister = 5, Scratch = 6;

    /// <summary>Loads the rules and attaches them; they go with the group.</summary>
    public static void Attach(string folder, IReadOnlyList<OciDeviceRule> rules)
    {
        using var group = Files.Open(folder, Files.O_RDONLY | Files.O_DIRECTORY);
        using var program = Load(Compile(rules));
        var attributes = new AttachAttributes
        {
            Target = (uint)group.Number,
            Program = (uint)program.Number,
            Type = BPF_CGROUP_DEVICE,
            // Without it no group below could have a filter of its own: a systemd in the container for instance.
            Flags = BPF_F_ALLOW_MULTI,
        };
        if (Files.Syscall(SyscallNumbers.Bpf, BPF_PROG_ATTACH, (nint)(&attributes), sizeof(AttachAttributes)) != 0)
            throw SyscallException.FromLastError("bpf", "BPF_PROG_ATTACH");
    }

    /// <summary>
    /// Translates the rules, the last first: a later rule overrides an earlier one, so the first that fits from the end
    /// decides. Nothing fits: denied.
    /// </summary>
    internal static ulong[] Compile(IReadOnlyList<OciDeviceRule> rules)
    {
        var code = new List<ulong>
        {
            Instruction(LDX_W, TypeRegister, ContextRegister, 0),
            Instruction(ALU_AND_K, TypeRegister, value: 0xFFFF),
            Instruction(LDX_W, AccessRegister, ContextRegister, 0),
            Instruction(ALU_RSH_K, AccessRegister, value: 16),
            Instruction(LDX_W, MajorRegister, ContextRegister, 4),
            Instruction(LDX_W, MinorRegister, ContextRegister, 8),
        };
        foreach (var rule in rules.Reverse())
        {
            var block = new List<ulong>();
            // Each test jumps over the rest of the block when the rule does not fit; the distance is known at the end.
            if (rule.Type is "c" or "u")
                block.Add(Instruction(JNE_K, TypeRegister, value: BPF_DEVCG_DEV_CHAR));
            else if (rule.Type is "b")
                block.Add(Instruction(JNE_K, TypeRegister, value: BPF_DEVCG_DEV_BLOCK));
            var access = AccessBits(rule.Access);
            if (access != AllAccess)
            {
                // Fits only when nothing is asked beyond what the rule speaks of.
                block.Add(Instruction(MOV_X, Scratch, AccessRegister));
                block.Add(Instruction(ALU_AND_K, Scratch, value: access));
                block.Add(Instruction(JNE_X, Scratch, AccessRegister));
            }

            if (rule.Major is >= 0)
                block.Add(Instruction(JNE_K, MajorRegister, value: (int)rule.Major));
            if (rule.Minor is >= 0)
                block.Add(Instruction(JNE_K, MinorRegister, value: (int)rule.Minor));
            block.Add(Instruction(MOV_K, 0, value: rule.Allow ? 1 : 0));
            block.Add(Instruction(EXIT));
            for (var i = 0; i < block.Count; i++)
            {
                if ((byte)block[i] is JNE_K or JNE_X)
                    block[i] |= (ulong)(ushort)(block.Count - i - 1) << 16;
            }

            code.AddRange(block);
            // It fits everything, so the rest is never reached, and the kernel's verifier takes no such code.
            if (block.Count == DecisionLength)
                return [.. code];
        }

        code.Add(Instruction(MOV_K, 0, value: 0));
        code.Add(Instruction(EXIT));
        return [.. code];
    }

    /// <summary>Setting the answer and leaving: a block that consists of them tests nothing.</summary>
    private const int DecisionLength = 2;

    private const nint BPF_PROG_LOAD = 5;
    private const nint BPF_PROG_ATTACH = 8;
    private const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private const uint BPF_CGROUP_DEVICE = 6;
    private const uint BPF_F_ALLOW_MULTI = 2;
    private const int BPF_DEVCG_DEV_BLOCK = 1;
    private const int BPF_DEVCG_DEV_CHAR = 2;
    private const int BPF_DEVCG_ACC_MKNOD = 1;
    private const int BPF_DEVCG_ACC_READ = 2;
    private const int BPF_DEVCG_ACC_WRITE = 4;
    private const int AllAccess = BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;

    private const byte LDX_W = 0x61, ALU_AND_K = 0x54, ALU_RSH_K = 0x74, MOV_K = 0xB4, MOV_X = 0xBC, JNE_K = 0x55, JNE_X = 0x5D, EXIT = 0x95;

    /// <summary>struct bpf_insn: code, two registers of four bits, a 16-bit offset, a 32-bit immediate.</summary>
    private static ulong Instruction(byte code, byte destination = 0, byte source = 0, short offset = 0, int value = 0) =>
        code | ((ulong)destination << 8) | ((ulong)source << 12) | ((ulong)(ushort)offset << 16) | ((ulong)(uint)value << 32);

    private static int AccessBits(string? access)
    {
        var bits = 0;
        foreach (var letter in string.IsNullOrEmpty(access) ? "rwm" : access)
            bits |= letter switch { 'r' => BPF_DEVCG_ACC_READ, 'w' => BPF_DEVCG_ACC_WRITE, 'm' => BPF_DEVCG_ACC_MKNOD, _ => 0 };
        return bits;
    }

    private static FileDescriptor Load(ulong[] code)
    {
        fixed (ulong* instructions = code)
        fixed (byte* license = "GPL\0"u8)
        {
            var attributes = new LoadAttributes
            {
                Type = BPF_PROG_TYPE_CGROUP_DEVICE,
                InstructionCount = (uint)code.Length,
                Instructions = (ulong)instructions,
                License = (ulong)license,
            };
            var program = Files.Syscall(SyscallNumbers.Bpf, BPF_PROG_LOAD, (nint)(&attributes), sizeof(LoadAttributes));
            return program >= 0 ? new FileDescriptor((int)program) : throw SyscallException.FromLastError("bpf", "BPF_PROG_LOAD");
        }
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_LOAD.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LoadAttributes
    {
        public uint Type;
        public uint InstructionCount;
        public ulong Instructions;
        public ulong License;
        public uint LogLevel;
        public uint LogSize;
        public ulong LogBuffer;
        public uint KernelVersion;
        public uint ProgramFlags;
    }

    /// <summary>The head of union bpf_attr for BPF_PROG_ATTACH.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct AttachAttributes
    {
        public uint Target;
        public uint Program;
        public uint Type;
        public uint Flags;
    }
}
