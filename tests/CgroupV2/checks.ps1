# What has to hold on a machine with cgroup v2 alone, checked with real containers. Runs in the virtual machine that ./run boots,
# in pwsh, or else in MyDocker.Shell, which has the engine's own commands only: so files are read with .NET.

Import-Module "$PSScriptRoot/../../MyDocker.psd1"
$ErrorActionPreference = 'Stop'
$group = '/sys/fs/cgroup/mydocker'
$script:passed = 0
$script:failed = 0

function Check([string] $Name, [scriptblock] $Body) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    try {
        $null = . $Body
        Get-Container | Remove-Container -Force
        $script:passed++
        $verdict = 'ok  '
    }
    catch {
        $script:failed++
        $verdict = 'FAIL'
        $reason = "`n       $($_.Exception.Message)"
        Get-Container | Remove-Container -Force -ErrorAction Continue
    }
    "$verdict $Name ($([int] $clock.Elapsed.TotalMilliseconds) ms)$reason"
}

function Same($Actual, $Expected, [string] $What) {
    if ("$Actual" -cne "$Expected") { throw "$What is '$Actual', expected '$Expected'." }
}

function Like($Actual, [string] $Pattern, [string] $What) {
    if ("$Actual" -cnotlike $Pattern) { throw "$What is '$Actual', expected '$Pattern'." }
}

function Read([string] $Path) { [IO.File]::ReadAllText($Path).Trim() }

# A container that runs until it is stopped.
function Start-Sleeper([hashtable] $With = @{}) {
    Invoke-Container @With -Detach -Command sleep, infinity
}

# One that ends with 7 on SIGTERM, and has got as far as to listen.
function Start-Listener {
    $bird = Invoke-Container -Detach -Command sh, -c, 'trap "exit 7" TERM; while :; do sleep 0.1; done'
    Wait-Until { (Read "/proc/$($bird.Pid)/status") -match 'SigCgt:\s[0-9a-f]{12}[4-7c-f]' } 'SIGTERM has a handler'
    $bird
}

# What a shell script says inside a container, both streams.
function Inside([string] $Script, [hashtable] $With = @{}) {
    (Invoke-Container @With -Command sh, -c, "exec 2>&1; $Script") -join "`n"
}

# Waits for something that the kernel does in its own time.
function Wait-Until([scriptblock] $Condition, [string] $What) {
    foreach ($attempt in 1..200) {
        if (& $Condition) { return }
        [Threading.Thread]::Sleep(50)
    }
    throw "It never came true that $What."
}

function Freeze($Container) {
    [IO.File]::WriteAllText("$group/$($Container.Id)/cgroup.freeze", '1')
    Wait-Until { (Read "$group/$($Container.Id)/cgroup.events") -like '*frozen 1*' } 'the container is frozen'
}

Check 'this machine has cgroup v2 alone' {
    $mounts = [IO.File]::ReadAllLines('/proc/self/mountinfo') -match ' - cgroup'
    Same $mounts.Count 1 'The number of hierarchies'
    Like $mounts[0] '* /sys/fs/cgroup * - cgroup2 *' 'The hierarchy'
}

Check 'the quick start works' {
    $text = & "$PSScriptRoot/../../samples/quickstart.ps1"
    Like $text[-1] '*True*' 'Its last line'
    Like "$text" '*bird: Stopped*' 'What it says'
}

Check 'limits are what the kernel was told' {
    $bird = Start-Sleeper @{ Memory = '64MB'; Cpus = 0.5; CpuShares = 2048; CpuSet = '1'; PidsLimit = 20 }
    $folder = "$group/$($bird.Id)"
    Same (Read "$folder/memory.max") 67108864 'memory.max'
    Same (Read "$folder/memory.swap.max") 67108864 'memory.swap.max'
    Same (Read "$folder/cpu.max") '50000 100000' 'cpu.max'
    Same (Read "$folder/cpu.weight") 79 'cpu.weight'
    Same (Read "$folder/cpuset.cpus") 1 'cpuset.cpus'
    Same (Read "$folder/cpuset.cpus.effective") 1 'cpuset.cpus.effective'
    Same (Read "$folder/pids.max") 20 'pids.max'
}

Check 'no limits leave the kernel''s defaults' {
    $bird = Start-Sleeper
    Same (Read "$group/$($bird.Id)/memory.max") max 'memory.max'
    Same (Read "$group/$($bird.Id)/cpu.max") 'max 100000' 'cpu.max'
    Same (Read "$group/$($bird.Id)/pids.max") max 'pids.max'
}

Check 'a limit that the kernel refuses fails the start and leaves nothing' {
    New-Container -Name bird -CpuSet 99 sleep infinity
    Start-Container bird -ErrorVariable problem -ErrorAction SilentlyContinue
    Like $problem[0].FullyQualifiedErrorId 'ContainerStartFailed,*' 'The error'
    Like $problem[0].Exception.Message '*cpuset.cpus*' 'What it says'
    Same (Get-Container bird).Status Created 'The status'
    Same ([IO.Directory]::GetDirectories($group).Count) 0 'The number of groups'
}

Check 'memory: PID 1 over its limit ends as OutOfMemory' {
    $end = Invoke-Container -Memory 32MB -Detach -Command tail, /dev/zero | Wait-Container -TimeoutSeconds 120
    Same $end.Status Exited 'The status'
    Same $end.StopReason OutOfMemory 'StopReason'
    Same $end.OomKilled True 'OomKilled'
    Same $end.ExitCode 137 'ExitCode'
}

Check 'memory: a child over the limit is told by OomKilled, and PID 1 goes on' {
    $end = Invoke-Container -Memory 32MB -Detach -Command sh, -c, 'tail /dev/zero; exit 3' | Wait-Container -TimeoutSeconds 120
    Same $end.StopReason Exited 'StopReason'
    Same $end.OomKilled True 'OomKilled'
    Same $end.ExitCode 3 'ExitCode'
}

Check 'memory: a container within its limit is not said to be out of memory' {
    $end = Invoke-Container -Memory 64MB -Detach true | Wait-Container -TimeoutSeconds 60
    Same "$($end.StopReason) $($end.OomKilled) $($end.ExitCode)" 'Exited False 0' 'The end'
}

Check 'pids: a fork beyond the limit fails' {
    $text = Inside 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; cat /sys/fs/cgroup/pids.events' @{ PidsLimit = 5 }
    Like $text '*fork*' 'What the shell says'
}

Check 'cpu: a busy loop is throttled' {
    $text = Inside 'timeout 1 sh -c "while :; do :; done"; cat /sys/fs/cgroup/cpu.stat' @{ Cpus = 0.2 }
    Like $text '*nr_throttled [1-9]*' 'cpu.stat'
}

Check 'cpuset: processes see the processor they have' {
    Like (Inside 'grep Cpus_allowed_list /proc/self/status' @{ CpuSet = '1' }) "*`t1" 'The list'
}

Check 'the container is born in its group, and its monitor stays outside' {
    $bird = Start-Sleeper
    Same (Read "/proc/$($bird.Pid)/cgroup") "0::/mydocker/$($bird.Id)" 'The group of PID 1'
    Same (Read "$group/$($bird.Id)/cgroup.procs") $bird.Pid 'The processes of the group'
    $monitor = [IO.File]::ReadAllText("/proc/$($bird.Pid)/stat").Split(' ')[3]
    Same (Read "/proc/$monitor/comm") mydocker-mon 'The parent'
    Same (Read "/proc/$monitor/cgroup") '0::/session' 'The group of the monitor'
}

Check 'the container sees itself as the root of all groups' {
    Same (Inside 'cat /proc/1/cgroup') '0::/' 'The group of PID 1'
    # Root and mount point of a mount, see proc_pid_mountinfo(5): "/.." would be the host's side of the namespace.
    Like (Inside 'grep " - cgroup" /proc/self/mountinfo') '* / /sys/fs/cgroup ro,* - cgroup2 *' 'The mount'
    Same (Inside 'cat /sys/fs/cgroup/memory.max' @{ Memory = '64MB' }) 67108864 'memory.max at the top'
    Same (Inside 'cat /sys/fs/cgroup/cgroup.procs | head -1') 1 'The first process at the top'
}

Check 'the container can''t change its groups' {
    Like (Inside 'mkdir /sys/fs/cgroup/more') '*Read-only file system*' 'mkdir'
    Like (Inside 'echo max > /sys/fs/cgroup/memory.max' @{ Memory = '64MB' }) '*Read-only file system*' 'Writing to memory.max'
    Like (Inside 'mount -o remount,rw /sys/fs/cgroup') '*permi*' 'Mounting it again'
}

Check 'a privileged container may make groups, which go with it' {
    $bird = Invoke-Container -Detach -Privileged -Command sh, -c, 'mkdir -p /sys/fs/cgroup/a/b; sleep infinity & echo $! > /sys/fs/cgroup/a/b/cgroup.procs; exec sleep infinity'
    Wait-Until { [IO.File]::Exists("$group/$($bird.Id)/a/b/cgroup.procs") -and (Read "$group/$($bird.Id)/a/b/cgroup.procs") } 'a group below has a process'
    $bird | Stop-Container -Force
    Same ([IO.Directory]::Exists("$group/$($bird.Id)")) False 'That the group is there'
}

Check 'stop: every process of the group dies, whoever put it there' {
    $bird = Start-Sleeper
    $stranger = [Diagnostics.Process]::Start('sleep', '1000')
    [IO.File]::WriteAllText("$group/$($bird.Id)/cgroup.procs", "$($stranger.Id)")
    $end = $bird | Stop-Container -Force
    Same $stranger.WaitForExit(10000) True 'That it has died'
    Same $stranger.ExitCode 137 'Its exit code'
    Same "$($end.Status) $($end.StopReason) $($end.ExitCode)" 'Stopped Killed 137' 'The end'
    Same ([IO.Directory]::Exists("$group/$($bird.Id)")) False 'That the group is there'
}

Check 'the end of PID 1 takes the rest of the group along' {
    $bird = Start-Sleeper
    $stranger = [Diagnostics.Process]::Start('sleep', '1000')
    [IO.File]::WriteAllText("$group/$($bird.Id)/cgroup.procs", "$($stranger.Id)")
    [Diagnostics.Process]::GetProcessById($bird.Pid).Kill()
    $end = Wait-Container $bird.Name -TimeoutSeconds 60
    Same "$($end.Status) $($end.StopReason) $($end.ExitCode)" 'Exited Signaled 137' 'The end'
    Same $stranger.WaitForExit(10000) True 'That it has died'
    Same ([IO.Directory]::Exists("$group/$($bird.Id)")) False 'That the group is there'
}

Check 'stop: SIGTERM is heard' {
    $end = Start-Listener | Stop-Container -TimeoutSeconds 60
    Same "$($end.Status) $($end.StopReason) $($end.ExitCode)" 'Stopped Exited 7' 'The end'
}

Check 'a frozen container is Paused, and a stop is heard' {
    $bird = Start-Listener
    Freeze $bird
    Same (Get-Container $bird.Name).Status Paused 'The status'
    $end = Stop-Container $bird.Name -TimeoutSeconds 60
    Same "$($end.Status) $($end.StopReason) $($end.ExitCode)" 'Stopped Exited 7' 'The end'
}

Check 'a frozen container that does not listen is killed as it is' {
    $bird = Start-Sleeper
    Freeze $bird
    $end = Stop-Container $bird.Name
    Same "$($end.Status) $($end.StopReason) $($end.ExitCode)" 'Stopped UndeliverableSignal 137' 'The end'
    Same ([IO.Directory]::Exists("$group/$($bird.Id)")) False 'That the group is there'
}

Check 'devices: any may be made, those of the list may be opened' {
    # 8:0 is a disk, 1:1 the memory, 1:11 the kernel's log, which nothing but the filter keeps from being written to.
    $text = Inside 'mknod /tmp/disk b 8 0 && mknod /tmp/memory c 1 1 && mknod /tmp/log c 1 11 && echo made
        head -c 1 /tmp/disk; head -c 1 /tmp/memory; echo > /tmp/log'
    Same $text.Split("`n")[0] made 'The first line'
    Same ([regex]::Matches($text, 'Operation not permitted').Count) 3 "The number of refusals in '$text'"
    $text = Inside 'for name in null zero full random urandom; do head -c 1 /dev/$name | wc -c; done; echo > /dev/null && test -c /dev/ptmx && : < /dev/ptmx && echo usable'
    Same $text "0`n1`n1`n1`n1`nusable" 'What the usual ones give'
}

Check 'devices: a privileged container may open all' {
    Same (Inside 'mknod /tmp/log c 1 11 && echo > /tmp/log && echo written; mknod /tmp/disk b 8 0; head -c 1 /tmp/disk' @{ Privileged = $true }) `
        "written`nhead: cannot open '/tmp/disk' for reading: No such device or address" 'What it may do'
}

Check 'a container starts again with the same limits' {
    $bird = Start-Sleeper @{ Memory = '64MB' }
    $again = Restart-Container $bird.Name
    Same $again.Status Running 'The status'
    Same (Read "$group/$($bird.Id)/memory.max") 67108864 'memory.max'
    Same (Read "/proc/$($again.Pid)/cgroup") "0::/mydocker/$($bird.Id)" 'The group of PID 1'
}

Check 'a container whose monitor was killed can be stopped, and its group goes' {
    $bird = Start-Sleeper
    $monitor = [Diagnostics.Process]::GetProcessById([IO.File]::ReadAllText("/proc/$($bird.Pid)/stat").Split(' ')[3])
    $monitor.Kill()
    $monitor.WaitForExit()
    Same (Get-Container $bird.Name).Status Running 'The status without a monitor'
    Like (Stop-Container $bird.Name).Status Stopped 'The status'
    Same ([IO.Directory]::Exists("$group/$($bird.Id)")) False 'That the group is there'
}

Check 'suspend and resume: the freezer' {
    $bird = Start-Listener
    Same (Suspend-Container $bird.Name).Status Paused 'The status'
    Like (Read "$group/$($bird.Id)/cgroup.events") '*frozen 1*' 'cgroup.events'
    Same (Suspend-Container $bird.Name).Status Paused 'The status when said twice'
    Same (Resume-Container $bird.Name).Status Running 'The status'
    Like (Read "$group/$($bird.Id)/cgroup.events") '*frozen 0*' 'cgroup.events'
    Suspend-Container $bird.Name
    $end = Stop-Container $bird.Name -TimeoutSeconds 60
    Same "$($end.Status) $($end.ExitCode)" 'Stopped 7' 'The end'
}

Check 'a command inside is born in the group, with the container''s rights' {
    $bird = Invoke-Container -Detach -PidsLimit 8 -Command sleep, infinity
    Same (Invoke-ContainerCommand $bird.Name cat /proc/self/cgroup) '0::/' 'The group as seen from inside'
    Same (Invoke-ContainerCommand $bird.Name -- grep -c . /sys/fs/cgroup/cgroup.procs) 2 'The processes of the group'
    Invoke-ContainerCommand $bird.Name -- sh -c 'exit 5'
    Same $LASTEXITCODE 5 'The exit code'
    Suspend-Container $bird.Name
    try { Invoke-ContainerCommand $bird.Name true -ErrorAction Stop; $said = 'nothing' } catch { $said = $_.FullyQualifiedErrorId }
    Like $said 'ContainerNotRunning,*' 'A command in a frozen container'
    Stop-Container $bird.Name -Force
}

Check 'a command inside goes where the first process has moved to' {
    # Which no process can do without: a group that hands controllers down has none of its own.
    $bird = Invoke-Container -Detach -Privileged -Command sh, -c, 'mkdir /sys/fs/cgroup/init; echo $$ > /sys/fs/cgroup/init/cgroup.procs; echo +pids > /sys/fs/cgroup/cgroup.subtree_control; exec sleep infinity'
    Wait-Until { (Read "$group/$($bird.Id)/cgroup.subtree_control") -match 'pids' } 'the controller is handed down'
    Same (Invoke-ContainerCommand $bird.Name cat /proc/self/cgroup) '0::/init' 'The group as seen from inside'
    Stop-Container $bird.Name -Force
}

Check 'files come out and go in' {
    $bird = Invoke-Container -Detach -Command sleep, infinity
    Copy-ContainerItem /etc/hostname "$($bird.Name):/root/name"
    Same (Invoke-ContainerCommand $bird.Name cat /root/name) (Read /etc/hostname).Trim() 'What was copied'
    Stop-Container $bird.Name -Force
}

Check 'processes: those of the container and of groups below' {
    $bird = Invoke-Container -Detach -Privileged -Command sh, -c, 'mkdir -p /sys/fs/cgroup/a; sleep 4711 & echo $! > /sys/fs/cgroup/a/cgroup.procs; exec sleep 4712'
    Wait-Until { (Get-ContainerProcess $bird.Name).CommandLine -contains 'sleep 4712' } 'the shell has become a sleeper'
    $processes = @(Get-ContainerProcess $bird.Name)
    Same $processes.Count 2 'The number of processes'
    Same $processes[0].Pid $bird.Pid 'The first one'
    Same ($processes | ForEach-Object ContainerPid) '1 3' 'Their numbers inside'
}

Check 'measure: processor, memory, processes and their limits' {
    $bird = Invoke-Container -Memory 64MB -PidsLimit 20 -Detach -Command sh, -c, 'head -c 20000000 /dev/zero > /dev/shm/held; while :; do :; done'
    Wait-Until { (Measure-Container $bird.Name).MemoryUsage -gt 20000000 } 'the memory is held'
    $measured = Measure-Container $bird.Name -IntervalSeconds 1
    Same ($measured.CpuPercent -gt 20 -and $measured.CpuPercent -lt 150) True "That $($measured.CpuPercent) percent are about one processor"
    Same ($measured.MemoryUsage -lt 40000000) True "That $($measured.MemoryUsage) bytes are about 20 MB"
    Same "$($measured.MemoryLimit) $($measured.Pids) $($measured.PidsLimit)" '67108864 1 20' 'Limits and processes'
    Same "$($measured.IoRead -ge 0) $($measured.NetworkReceived)" 'True 0' 'Disk and network'
    $free = Measure-Container (Start-Sleeper).Name
    Same "$($free.MemoryLimit) $($free.PidsLimit)" ' ' 'The limits of one that has none'
}

Check 'set: limits are changed and taken away while it runs' {
    $bird = Start-Sleeper @{ Memory = '64MB' }
    $folder = "$group/$($bird.Id)"
    $null = Set-Container $bird.Name -Memory 32MB -Cpus 0.5 -CpuShares 2048 -CpuSet 1 -PidsLimit 20
    Same (Read "$folder/memory.max") 33554432 'memory.max'
    Same (Read "$folder/memory.swap.max") 33554432 'memory.swap.max'
    Same (Read "$folder/memory.high") max 'memory.high'
    Same (Read "$folder/cpu.max") '50000 100000' 'cpu.max'
    Same (Read "$folder/cpu.weight") 79 'cpu.weight'
    Same (Read "$folder/cpuset.cpus") 1 'cpuset.cpus'
    Same (Read "$folder/pids.max") 20 'pids.max'
    Same (Set-Container $bird.Name -Memory 0 -Cpus 0 -CpuShares 0 -CpuSet '' -PidsLimit 0).Limits none 'The limits'
    Same (Read "$folder/memory.max") max 'memory.max'
    Same (Read "$folder/memory.swap.max") max 'memory.swap.max'
    Same (Read "$folder/cpu.max") 'max 100000' 'cpu.max'
    Same (Read "$folder/cpu.weight") 100 'cpu.weight'
    Same (Read "$folder/cpuset.cpus.effective") '0-1' 'cpuset.cpus.effective'
    Same (Read "$folder/pids.max") max 'pids.max'
}

Check 'set: a limit below what is used is refused, and kills nobody' {
    $bird = Invoke-Container -Memory 64MB -Detach -Command sh, -c, 'head -c 20000000 /dev/zero > /dev/shm/held; exec sleep infinity'
    Wait-Until { (Measure-Container $bird.Name).MemoryUsage -gt 20000000 } 'the memory is held'
    Set-Container $bird.Name -Memory 8MB -PidsLimit 20 -ErrorVariable problem -ErrorAction SilentlyContinue
    Like $problem[0].FullyQualifiedErrorId 'LimitRefused,*' 'The error'
    Same (Get-Container $bird.Name).Limits 'Memory=67108864' 'The limits'
    Same (Get-Container $bird.Name).Status Running 'The status'
    Same "$(Read "$group/$($bird.Id)/memory.max") $(Read "$group/$($bird.Id)/memory.high") $(Read "$group/$($bird.Id)/pids.max")" '67108864 max max' 'The files'
    Like (Read "$group/$($bird.Id)/memory.events") '*oom_kill 0*' 'memory.events'
}

Check 'four containers stop together' {
    $null = 1..4 | ForEach-Object { Start-Sleeper }
    Same ([IO.Directory]::GetDirectories($group).Count) 4 'The number of groups'
    Same (Get-Container | Stop-Container | Where-Object Status -eq Stopped).Count 4 'The number of stopped ones'
}

Check 'nothing is left behind' {
    Same ([IO.Directory]::GetDirectories($group).Count) 0 'The number of groups'
    Wait-Until { -not ([Diagnostics.Process]::GetProcesses().ProcessName -like 'mydocker*') } 'no monitor runs'
    Same ([IO.File]::ReadAllLines('/proc/self/mountinfo') -match 'mydocker/').Count 0 'The number of mounts'
}

"$script:passed passed, $script:failed failed, 0 skipped"
exit [int] ($script:failed -gt 0)
