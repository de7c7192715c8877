BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Stop-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    Context 'how a container ends' {
        It 'lets the process end by itself, and knows its exit code' {
            Start-PoliteContainer bird | Out-Null
            $stopped = Stop-Container bird
            $stopped.Status | Should -Be Stopped
            $stopped.StopReason | Should -Be Exited
            $stopped.ExitCode | Should -Be 7
            $stopped.Pid | Should -BeNullOrEmpty
            $stopped.FinishedAt | Should -BeGreaterThan $stopped.StartedAt
        }

        It 'kills at once what the signal can''t reach, and says so' {
            $started = New-Container -Name bird sleep 100 | Start-Container
            $time = Measure-Command { $script:output = Stop-Container bird -Verbose 4>&1 }
            $time.TotalSeconds | Should -BeLessThan 2
            $output[-1].StopReason | Should -Be UndeliverableSignal
            $output[-1].ExitCode | Should -Be 137
            "$output" | Should -BeLike '*no handler for SIGTERM*'
            Test-Alive $started.Pid | Should -BeFalse
        }

        It 'kills what has not ended after the grace period' {
            Start-DeafContainer bird | Out-Null
            $time = Measure-Command { $script:stopped = Stop-Container bird -TimeoutSeconds 1 }
            $time.TotalSeconds | Should -BeGreaterOrEqual 1
            $time.TotalSeconds | Should -BeLessThan 4
            $stopped.StopReason | Should -Be Killed
            $stopped.ExitCode | Should -Be 137
        }

        It 'kills at once with <Line>' -ForEach @(
            @{ Line = '-Force' }, @{ Line = '-TimeoutSeconds 0' }, @{ Line = '-Timeout 0' }, @{ Line = '-Signal SIGKILL' }
        ) {
            Start-DeafContainer bird | Out-Null
            $time = Measure-Command { $script:stopped = Invoke-Expression "Stop-Container bird $Line" }
            $time.TotalSeconds | Should -BeLessThan 2
            $stopped.StopReason | Should -Be Killed
        }

        It 'sends what -Signal says' {
            $bird = New-Container -Name bird -- sh -c 'trap "exit 9" USR1; echo ready; while :; do sleep 0.05; done' | Start-Container
            Wait-ContainerText $bird ready
            (Stop-Container bird -Signal SIGUSR1).ExitCode | Should -Be 9
        }

        It 'sends and waits as the container says' {
            $bird = New-Container -Name bird -StopSignal SIGINT -StopTimeoutSeconds 1 -- sh -c 'trap "echo heard" INT; echo ready; while :; do sleep 0.05; done' | Start-Container
            Wait-ContainerText $bird ready
            $time = Measure-Command { $script:stopped = Stop-Container bird }
            $time.TotalSeconds | Should -BeGreaterOrEqual 1
            $time.TotalSeconds | Should -BeLessThan 4
            $stopped.StopReason | Should -Be Killed
            Get-ContainerText $stopped | Should -Contain heard
        }

        It 'reaches a program that is no PID 1 by means of -Init' {
            New-Container -Name bird -Init -StopTimeoutSeconds 3 sleep 100 | Start-Container | Out-Null
            $stopped = Stop-Container bird
            $stopped.ExitCode | Should -Be 143
            $stopped.Status | Should -Be Stopped
            $stopped.StopReason | Should -Not -Be UndeliverableSignal
        }

        It 'ends every process, not the first one only' {
            $bird = New-Container -Name bird -- sh -c 'setsid sleep 4711 & setsid sleep 4712 & echo ready; wait' | Start-Container
            Wait-ContainerText $bird ready
            Stop-Container bird -Force | Out-Null
            Get-Process sleep -ErrorAction Ignore | Where-Object CommandLine -match 471[12] | Should -BeNullOrEmpty
        }
    }

    Context 'several at once' {
        It 'takes one grace period for all, and emits each as it ends' {
            Start-DeafContainer deaf1, deaf2 | Out-Null
            Start-PoliteContainer polite | Out-Null
            $time = Measure-Command { $script:stopped = Get-Container | Stop-Container -TimeoutSeconds 1 }
            $time.TotalSeconds | Should -BeLessThan 1.9
            $stopped[0].Name | Should -Be polite
            $stopped | Should -HaveCount 3
            $stopped.Status | Sort-Object -Unique | Should -Be Stopped
        }

        It 'stops the running ones through the pipeline' {
            New-Container -Name fish sleep 100 | Out-Null
            New-Container -Name bird sleep 100 | Start-Container | Out-Null
            (Get-Container | Where-Object Status -eq running | Stop-Container).Name | Should -Be bird
            (Get-Container fish).Status | Should -Be Created
        }

        It 'reports a name that is not there, and stops the rest' {
            New-Container -Name bird sleep 100 | Start-Container | Out-Null
            $stopped = Stop-Container nobody, bird -ErrorVariable failures -ErrorAction SilentlyContinue
            $stopped.Name | Should -Be bird
            $failures.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.StopContainerCommand'
            $failures.TargetObject | Should -Be nobody
        }
    }

    Context 'one that does not run' {
        It 'emits it as it is when it has never been started' {
            New-Container -Name bird sleep 100 | Out-Null
            (Stop-Container bird -ErrorAction Stop).Status | Should -Be Created
        }

        It 'emits it as it is when it has ended by itself' {
            New-Container -Name bird -- sh -c 'exit 3' | Start-Container | Wait-Container -Timeout 20 | Out-Null
            $stopped = Stop-Container bird -ErrorAction Stop
            $stopped.Status | Should -Be Exited
            $stopped.ExitCode | Should -Be 3
        }

        It 'emits it as it is when it has been stopped' {
            New-Container -Name bird sleep 100 | Start-Container | Stop-Container | Out-Null
            (Stop-Container bird -ErrorAction Stop).StopReason | Should -Be UndeliverableSignal
        }

        It 'says nothing about a wildcard that matches nothing' {
            Stop-Container x* -ErrorAction Stop | Should -BeNullOrEmpty
        }
    }

    Context 'as a PowerShell user expects' {
        It 'stops nothing with -WhatIf, -Force or not' {
            New-Container -Name bird sleep 100 | Start-Container | Out-Null
            Stop-Container bird -WhatIf | Should -BeNullOrEmpty
            Stop-Container bird -Force -WhatIf | Should -BeNullOrEmpty
            (Get-Container bird).Status | Should -Be Running
        }

        It 'breaks off at once with Ctrl-C, escalates nothing, and resumes' {
            $bird = Start-DeafContainer bird
            $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Stop-Container bird -TimeoutSeconds 60")
            $null = $session.BeginInvoke()
            $deadline = [DateTime]::Now.AddSeconds(20)
            while ((Get-Container bird).Status -ne 'Stopping' -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
            (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 2
            $session.Dispose()
            (Get-Container bird).Status | Should -Be Stopping
            (Get-Container bird).Pid | Should -Be $bird.Pid
            (Stop-Container bird -TimeoutSeconds 0).Status | Should -Be Stopped
        }

        It 'shows as Stopping to others meanwhile, and holds no one up' {
            Start-DeafContainer bird | Out-Null
            $module = Get-TestModulePath
            $job = Start-ThreadJob { Import-Module $using:module; Stop-Container bird -TimeoutSeconds 2 }
            $deadline = [DateTime]::Now.AddSeconds(20)
            while ((Get-Container bird).Status -ne 'Stopping' -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
            (Measure-Command { $script:seen = Get-Container bird }).TotalSeconds | Should -BeLessThan 1
            $seen.Status | Should -Be Stopping
            ($job | Receive-Job -Wait -AutoRemoveJob).Status | Should -Be Stopped
        }

        It 'offers to tab completion only what runs' {
            'bird', 'bear' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
            Start-Container bear | Out-Null
            (TabExpansion2 'Stop-Container ').CompletionMatches.CompletionText | Should -Be bear
            (TabExpansion2 'Stop-Container -Signal sigus').CompletionMatches.CompletionText | Should -Be SIGUSR1, SIGUSR2
        }
    }
}
