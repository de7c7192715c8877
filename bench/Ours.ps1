# MyDocker's lane: the cmdlets in this session, which is warm. The functions are those of a peer, see lane.sh.

class OurLane : Lane {
    hidden [hashtable] $functions
    hidden [System.Management.Automation.Runspaces.RunspacePool] $eight

    OurLane([string] $rootFileSystem, [string] $manifest) : base('MyDocker') {
        # Eight warm sessions, for the rows that do eight things at a time.
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule($manifest)
        $this.eight = [runspacefactory]::CreateRunspacePool($state)
        $null = $this.eight.SetMaxRunspaces(8)
        $null = $this.eight.SetMinRunspaces(8)
        $this.eight.Open()
        $pool = $this.eight
        $eachOf = @{
            start = 'param($queue) $name = ""; while ($queue.TryDequeue([ref]$name)) { $null = Start-Container $name -ErrorAction Stop }'
            execute = 'param($queue) $name = ""; while ($queue.TryDequeue([ref]$name)) { Invoke-ContainerCommand $name /bin/true -ErrorAction Stop }'
        }
        $lines = foreach ($number in 1..1000) { "line $number" }
        $this.functions = @{
            make = {
                $name, $null, $command = $args
                $null = New-Container -Name $name -RootFileSystem $rootFileSystem -Network none -Command $command
            }.GetNewClosure()
            forget = { Remove-Container $args -Force -Confirm:$false }
            cycle = {
                New-Container -RootFileSystem $rootFileSystem -Network none /bin/true | Start-Container | Wait-Container |
                    Remove-Container -Confirm:$false
            }.GetNewClosure()
            rerun = { $null = Start-Container $args | Wait-Container }
            start = { $null = Start-Container $args }
            stop = { $null = Get-Container $args | Stop-Container -Confirm:$false }
            halt = { $null = Stop-Container $args -Force -Confirm:$false }
            enroll = { }
            strike = { }
            list = { $null = Get-Container }
            execute = { Invoke-ContainerCommand $args /bin/true }
            echo_lines = {
                $back = $lines | Invoke-ContainerCommand $args cat
                if ($back.Count -ne 1000 -or $back[999] -ne 'line 1000') { throw "$($back.Count) lines came back" }
            }.GetNewClosure()
            leave = { $null = Invoke-ContainerCommand $args -Detach -- sleep infinity }
            one_by_one = {
                $null, $names = $args
                foreach ($name in $names) { $null = Start-Container $name }
            }
            eight_at_a_time = {
                $call, $names = $args
                $queue = [System.Collections.Concurrent.ConcurrentQueue[string]]::new([string[]]$names)
                $workers = foreach ($number in 1..8) {
                    $worker = [powershell]::Create()
                    $worker.RunspacePool = $pool
                    $null = $worker.AddScript($eachOf[$call]).AddArgument($queue)
                    @{ Worker = $worker; Handle = $worker.BeginInvoke() }
                }
                foreach ($worker in $workers) {
                    $null = $worker.Worker.EndInvoke($worker.Handle)
                    $worker.Worker.Dispose()
                }
            }.GetNewClosure()
        }
    }

    [double] Call([string] $function, [string[]] $arguments) {
        if ($function -eq 'idle') {
            $this.Said = [OurLane]::MemoryOfHelpers()
            return 0
        }

        $ErrorActionPreference = 'Stop'
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $null = & $this.functions[$function] @arguments
        return $watch.Elapsed.TotalMilliseconds
    }

    [void] Close() {
        Get-Container | Remove-Container -Force -Confirm:$false
        $this.eight.Dispose()
    }

    # The number of our monitors and of those who wait for a command in a container, and their proportional set size in KB, as lane.sh does it for the peers.
    hidden static [string] MemoryOfHelpers() {
        $count = $sum = 0
        foreach ($folder in [System.IO.Directory]::GetDirectories('/proc')) {
            try {
                if ([System.IO.File]::ReadAllText("$folder/comm") -notin "mydocker-mon`n", "mydocker-exec`n") { continue }
                # Those of this bench: they carry its state folder as an argument.
                if (-not [System.IO.File]::ReadAllText("$folder/cmdline").Contains($env:MYDOCKER_ROOT)) { continue }
                $sum += [int][regex]::Match([System.IO.File]::ReadAllText("$folder/smaps_rollup"), '(?m)^Pss:\s+(\d+)').Groups[1].Value
                $count++
            }
            catch [System.IO.IOException] {
                # Not a process, or not any more.
            }
        }

        return "$count $sum"
    }
}
