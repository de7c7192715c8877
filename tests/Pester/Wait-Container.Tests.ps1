BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Wait-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'emits the container with its exit code <Code> after "<Script>"' -ForEach @(
        @{ Script = 'exit 0'; Code = 0; StopReason = 'Exited' }
        @{ Script = 'exit 42'; Code = 42; StopReason = 'Exited' }
        @{ Script = 'sleep 0.3; exit 255'; Code = 255; StopReason = 'Exited' }
        @{ Script = 'trap - INT; sleep 0.1; exit 130'; Code = 130; StopReason = 'Exited' }
    ) {
        $ended = New-Container -Name bird -- sh -c $Script | Start-Container | Wait-Container -TimeoutSeconds 20
        $ended.Status | Should -Be Exited
        $ended.ExitCode | Should -Be $Code
        $ended.StopReason | Should -Be $StopReason
        $ended.Pid | Should -BeNullOrEmpty
        $ended.FinishedAt | Should -BeGreaterOrEqual $ended.StartedAt
    }

    It 'knows the signal that ended it' {
        $bird = New-Container -Name bird sleep 100 | Start-Container
        # From outside: to its own PID 1 a container can't send it.
        kill -KILL $bird.Pid
        $ended = Wait-Container bird -TimeoutSeconds 20
        $ended.ExitCode | Should -Be 137
        $ended.StopReason | Should -Be Signaled
        $ended.Status | Should -Be Exited
    }

    It 'emits each as it ends, the first one first' {
        $all = '0.8', '0.1' | ForEach-Object { New-Container -Name "s$_" sleep $_ } | Start-Container
        ($all | Wait-Container -TimeoutSeconds 20).Name | Should -Be 's0.1', 's0.8'
    }

    It 'emits those that have ended already' {
        New-Container -Name bird true | Start-Container | Wait-Container -TimeoutSeconds 20 | Out-Null
        (Wait-Container bird -TimeoutSeconds 20).ExitCode | Should -Be 0
    }

    It 'returns with the first one when -Any is given' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep ($_ -eq 'fish' ? '0.1' : '100') } | Start-Container | Out-Null
        (Wait-Container bird, fish -Any -TimeoutSeconds 20).Name | Should -Be fish
        (Get-Container bird).Status | Should -Be Running
    }

    It 'emits nothing for what still runs at the time-out, and leaves it alone' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep ($_ -eq 'fish' ? '0.1' : '100') } | Start-Container | Out-Null
        $time = Measure-Command { $script:ended = Wait-Container * -Timeout 1 }
        $time.TotalSeconds | Should -BeGreaterOrEqual 1
        $time.TotalSeconds | Should -BeLessThan 3
        $ended.Name | Should -Be fish
        (Get-Container bird).Status | Should -Be Running
    }

    It 'refuses one that has never been started: its end may never come' {
        New-Container -Name bird sleep 100 | Out-Null
        Wait-Container bird -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerNotRunning,MyDocker.Commands.WaitContainerCommand'
        $failures[0].CategoryInfo.Category | Should -Be InvalidOperation
        $failures[0].TargetObject | Should -Be bird
    }

    It 'reports a name that is not there' {
        { Wait-Container nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }

    It 'is over when the container is removed meanwhile' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        $module = Get-TestModulePath
        $job = Start-ThreadJob { Import-Module $using:module; 'waiting'; Wait-Container bird -TimeoutSeconds 30 }
        while (-not $job.HasMoreData) { Start-Sleep -Milliseconds 20 }
        Start-Sleep -Milliseconds 300
        Remove-Container bird -Force
        $output = $job | Receive-Job -Wait -AutoRemoveJob
        $output[1].ExitCode | Should -Be 137
    }

    It 'breaks off at once with Ctrl-C' {
        $bird = New-Container -Name bird sleep 100 | Start-Container
        $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Wait-Container bird")
        $null = $session.BeginInvoke()
        Start-Sleep -Milliseconds 700
        (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 2
        $session.Dispose()
        (Get-Container bird).Pid | Should -Be $bird.Pid
    }
}
