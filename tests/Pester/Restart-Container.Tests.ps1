BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Restart-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'stops and starts a running one' {
        $before = New-Container -Name bird sleep 100 | Start-Container
        $after = Restart-Container bird
        $after.Status | Should -Be Running
        $after.Id | Should -Be $before.Id
        $after.Pid | Should -Not -Be $before.Pid
        $after.RestartCount | Should -Be 1
        $after.ExitCode | Should -BeNullOrEmpty
        $after.StopReason | Should -Be None
        Test-Alive $before.Pid | Should -BeFalse
        Test-Alive $after.Pid | Should -BeTrue
    }

    It 'starts one that is <Status>' -ForEach @(
        @{ Status = 'Created'; Line = 'New-Container -Name bird sleep 100' }
        @{ Status = 'Stopped'; Line = 'New-Container -Name bird sleep 100 | Start-Container | Stop-Container' }
    ) {
        (Invoke-Expression $Line).Status | Should -Be $Status
        (Restart-Container bird).Status | Should -Be Running
    }

    It 'lets the process end by itself first' {
        $bird = New-Container -Name bird -- sh -c 'trap "echo bye; exit" TERM; echo ready; while :; do sleep 0.05; done' | Start-Container
        Wait-ContainerText $bird ready
        Restart-Container bird | Out-Null
        Get-ContainerText $bird | Should -Contain bye
    }

    It 'kills after the time it was given, all together' {
        Start-DeafContainer deaf1, deaf2 | Out-Null
        $time = Measure-Command { $script:restarted = Get-Container | Restart-Container -TimeoutSeconds 1 }
        $time.TotalSeconds | Should -BeLessThan 1.95
        $restarted.Name | Sort-Object | Should -Be deaf1, deaf2
        $restarted.Status | Should -Be Running, Running
    }

    It 'does nothing with -WhatIf' {
        $before = New-Container -Name bird sleep 100 | Start-Container
        Restart-Container bird -Force -WhatIf | Should -BeNullOrEmpty
        (Get-Container bird).Pid | Should -Be $before.Pid
    }

    It 'reports what is not there, and restarts the rest' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        (Restart-Container nobody, bird -ErrorVariable failures -ErrorAction SilentlyContinue).Name | Should -Be bird
        $failures.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.RestartContainerCommand'
    }
}
