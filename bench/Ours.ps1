# MyDocker's lane: the cmdlets in this session, which is warm. The functions are those of a peer, see lane.sh.

class OurLane : Lane {
    hidden [hashtable] $functions
    hidden [System.Management.Automation.Runspaces.RunspacePool] $eight

    OurLane([string] $rootFileSystem, [string] $manifest) : base('MyDocker') {
        # Eight warm sessions, for the row that starts eight containers at a time.
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule($manifest)
        $this.eight = [runspacefactory]::CreateRunspacePool($state)
        $null = $this.eight.SetMaxRunspaces(8)
        $null = $this.eight.SetMinRunspaces(8)
        $this.eight.Open()
        $pool = $this.eight
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
            one_by_one = {
                $null, $names = $args
                foreach ($name in $names) { $null = Start-Container $name }
            }
            eight_at_a_time = {
                $null, $names = $args
                $queue = [System.Collections.Concurrent.ConcurrentQueue[string]]::new([string[]]$names)
                $workers = foreach ($number in 1..8) {
                    $worker = [powershell]::Create()
                    $worker.RunspacePool = $pool
                    $null = $worker.AddScript('param($queue) $name = ""; while ($queue.TryDequeue([ref]$name)) { $null = Start-Container $name -ErrorAction Stop }').AddArgument($queue)
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
            $this.Said = [OurLane]::MemoryOfMonitors()
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

    # The number of our monitors and their proportional set size in KB, as lane.sh does it for the peers.
    hidden static [string] MemoryOfMonitors() {
        $count = $sum = 0
        foreach ($folder in [System.IO.Directory]::GetDirectories('/proc')) {
            try {
                if ([System.IO.File]::ReadAllText("$folder/comm") -ne "mydocker-mon`n") { continue }
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
