BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Suspend-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'freezes a container, which stands still' {
        $bird = New-Container -Name bird -- sh -c 'echo ready; while :; do echo step; sleep 0.02; done' | Start-Container
        Wait-ContainerText $bird ready
        $paused = Suspend-Container bird
        $paused.Status | Should -Be Paused
        $paused.Pid | Should -Be $bird.Pid
        (Get-Container bird).Status | Should -Be Paused
        Start-Sleep -Milliseconds 200
        $length = (Get-Item $bird.LogPath).Length
        Start-Sleep -Milliseconds 300
        (Get-Item $bird.LogPath).Length | Should -Be $length
    }

    It 'emits one that is suspended already' {
        New-Container -Name bird sleep 100 | Start-Container | Suspend-Container | Out-Null
        (Suspend-Container bird -ErrorAction Stop).Status | Should -Be Paused
    }

    It 'takes the pipeline, names and ids' {
        'bird', 'fish', 'wren' | ForEach-Object { New-Container -Name $_ sleep 100 | Start-Container } | Out-Null
        (Get-Container bird | Suspend-Container).Name | Should -Be bird
        (Suspend-Container fish).Status | Should -Be Paused
        (Suspend-Container -Id (Get-Container wren).Id.Substring(0, 12)).Status | Should -Be Paused
    }

    It 'reports one that does not run, and suspends the rest' {
        New-Container -Name fish sleep 100 | Out-Null
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        $paused = Suspend-Container fish, bird -ErrorVariable failures -ErrorAction SilentlyContinue
        $paused.Name | Should -Be bird
        $failures.FullyQualifiedErrorId | Should -Be 'ContainerNotRunning,MyDocker.Commands.SuspendContainerCommand'
        $failures.CategoryInfo.Category | Should -Be InvalidOperation
        $failures.TargetObject | Should -Be fish
    }

    It 'means only those that run by a wildcard' {
        New-Container -Name fish sleep 100 | Out-Null
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        (Suspend-Container * -ErrorAction Stop).Name | Should -Be bird
    }

    It 'leaves it to Stop-Container to wake it up' {
        Start-PoliteContainer bird | Suspend-Container | Out-Null
        $stopped = Stop-Container bird
        $stopped.Status | Should -Be Stopped
        $stopped.ExitCode | Should -Be 7
    }

    It 'changes nothing with -WhatIf' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        Suspend-Container bird -WhatIf | Should -BeNullOrEmpty
        (Get-Container bird).Status | Should -Be Running
    }

    It 'offers to tab completion only what runs' {
        'bird', 'fish', 'wren' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container bird, wren | Out-Null
        Suspend-Container wren | Out-Null
        (TabExpansion2 'Suspend-Container ').CompletionMatches.CompletionText | Should -Be bird
    }
}
