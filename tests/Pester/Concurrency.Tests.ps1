# Several sessions and runspaces at work on one store at once.

BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Several at once$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $module = Get-TestModulePath
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'ForEach-Object -Parallel runs whole lives of containers' {
        $codes = 1..16 | ForEach-Object -ThrottleLimit 8 -Parallel {
            $ErrorActionPreference = 'Stop'
            Import-Module $using:module
            $ended = New-Container -Name "bird$_" -- sh -c "exit $_" | Start-Container | Wait-Container -TimeoutSeconds 60
            $ended | Remove-Container
            $ended.ExitCode
        }
        $codes | Sort-Object | Should -Be (1..16)
        Get-Container | Should -BeNullOrEmpty
    }

    It 'Invoke-Container in parallel mixes up no output' {
        $lines = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            $said = Invoke-Container -- sh -c "echo $_; echo $_; echo $_"
            "$said"
        }
        $lines | Sort-Object | Should -Be (1..8 | ForEach-Object { "$_ $_ $_" })
    }

    It 'one of eight gets a name' {
        # Names are reserved atomically.
        $results = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            try { (New-Container -Name bird -ErrorAction Stop "run$_").Command } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
        }
        $results -eq 'ContainerNameInUse' | Should -HaveCount 7
        (Get-Container).Command | Should -BeIn $results
    }

    It 'one of eight starts a container, and one of eight removes it' {
        New-Container -Name bird sleep 100 | Out-Null
        $results = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            try { (Start-Container bird -ErrorAction Stop).Status } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
        }
        $results -eq 'Running' | Should -HaveCount 1
        $results -eq 'ContainerRunning' | Should -HaveCount 7
        $results = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            try { Remove-Container bird -Force -ErrorAction Stop; 'removed' } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
        }
        $results | Where-Object { $_ -notin 'removed', 'ContainerNotFound' } | Should -BeNullOrEmpty
        $results | Should -Contain removed
        Get-Container | Should -BeNullOrEmpty
    }

    It 'eight stop one container, and all see the same end' {
        $bird = Start-PoliteContainer bird
        $results = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            Stop-Container bird -ErrorAction Stop
        }
        $results.Status | Sort-Object -Unique | Should -Be Stopped
        $results.ExitCode | Sort-Object -Unique | Should -Be 7
        $results.FinishedAt | Sort-Object -Unique | Should -HaveCount 1
    }

    It 'thread jobs rename, and every container keeps one name' {
        1..4 | ForEach-Object { New-Container -Name "bird$_" sleep 100 } | Out-Null
        $jobs = 1..4 | ForEach-Object {
            Start-ThreadJob -ThrottleLimit 4 -ArgumentList $_ {
                param($i)
                Import-Module $using:module
                foreach ($round in 1..5) {
                    Rename-Container "bird$i" "bear$i" -ErrorAction Stop | Rename-Container -NewName "bird$i" -ErrorAction Stop
                }
            }
        }
        $jobs | Receive-Job -Wait -AutoRemoveJob | Should -HaveCount 20
        (Get-Container).Name | Sort-Object | Should -Be bird1, bird2, bird3, bird4
        Get-ChildItem $env:MYDOCKER_ROOT/names -Name | Sort-Object | Should -Be bird1, bird2, bird3, bird4
    }

    It 'four pwsh processes make, start, stop and remove while another lists: no error, nothing left' {
        # "ps" racing "stop" reads half a file: 14 of 300 (the tutorial). rm and cleanup race: podman#24208.
        $output = "$(Split-Path $env:MYDOCKER_ROOT)/output"
        $null = New-Item -ItemType Directory $output
        $work = 'foreach ($i in 1..10) {
            $one = New-Container -Name "w$PID-$i" -- sh -c "trap exit TERM; sleep 100 & wait" | Start-Container
            if ((Get-Container -Id $one.Id).Status -ne "Running") { "not running: $one" }
            if (($one | Stop-Container).Status -ne "Stopped") { "not stopped: $one" }
            $one | Remove-Container
        }'
        $list = 'while (-not (Test-Path "' + $output + '/done")) { Get-Container | Where-Object { -not $_.Name -or $_.Status -eq "Exited" } | ForEach-Object { "seen: $($_.Name) $($_.Status)" } }'
        $processes = foreach ($script in $work, $work, $work, $work, $list) {
            $number++
            Start-Process pwsh -PassThru -RedirectStandardOutput $output/$number.out -RedirectStandardError $output/$number.err -ArgumentList @(
                '-NoProfile', '-NonInteractive', '-EncodedCommand'
                [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes("`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'; Import-Module '$module'; $script")))
        }
        $processes[0..3] | ForEach-Object { $_.WaitForExit(120000) | Should -BeTrue }
        Set-Content $output/done ''
        $processes[4].WaitForExit(20000) | Should -BeTrue
        Get-ChildItem $output -Filter *.err | Get-Content | Should -BeNullOrEmpty
        Get-ChildItem $output -Filter *.out | Get-Content | Should -BeNullOrEmpty
        $processes.ExitCode | Sort-Object -Unique | Should -Be 0
        Get-Container | Should -BeNullOrEmpty
        Get-ChildItem $env:MYDOCKER_ROOT/containers, $env:MYDOCKER_ROOT/names, $env:MYDOCKER_ROOT/removed -Force | Should -BeNullOrEmpty
    }
}
