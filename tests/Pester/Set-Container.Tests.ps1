BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Set-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'changes the limits of <Line>' -ForEach @(
        @{ Line = 'New-Container -Name bird sleep 100' }
        @{ Line = 'New-Container -Name bird sleep 100 | Start-Container' }
    ) {
        $bird = Invoke-Expression $Line
        $changed = Set-Container bird -Memory 64MB -Cpus 0.5 -PidsLimit 20
        $changed.Status | Should -Be $bird.Status
        $changed.Limits.Memory | Should -Be 64MB
        $changed.Limits.Cpus | Should -Be 0.5
        $changed.Limits.PidsLimit | Should -Be 20
        "$((Get-Container bird).Limits)" | Should -Be 'Memory=67108864 Cpus=0.5 PidsLimit=20'
    }

    It 'reaches the running container, and its next run' {
        New-Container -Name bird sleep 100 | Start-Container | Set-Container -Memory 48MB -PidsLimit 20 | Out-Null
        $measured = Measure-Container bird
        $measured.MemoryLimit | Should -Be 48MB
        $measured.PidsLimit | Should -Be 20
        Restart-Container bird -Force | Out-Null
        (Measure-Container bird).MemoryLimit | Should -Be 48MB
    }

    It 'takes limits away with 0, $null and an empty string, and leaves the others' {
        New-Container -Name bird -Memory 64MB -Cpus 0.5 -CpuSet 0 -PidsLimit 20 sleep 100 | Start-Container | Out-Null
        "$((Set-Container bird -Memory 0).Limits)" | Should -Be 'Cpus=0.5 CpuSet=0 PidsLimit=20'
        "$((Set-Container bird -Cpus $null -CpuSet '').Limits)" | Should -Be 'PidsLimit=20'
        (Measure-Container bird).MemoryLimit | Should -BeNullOrEmpty
        "$((Set-Container bird -PidsLimit 0).Limits)" | Should -Be none
    }

    It 'changes nothing when the kernel refuses' {
        $bird = New-Container -Name bird -Memory 64MB -- sh -c 'head -c 20000000 /dev/zero > /dev/shm/held; echo ready; exec sleep 100' | Start-Container
        Wait-ContainerText $bird ready
        Set-Container bird -Memory 8MB -PidsLimit 10 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.FullyQualifiedErrorId | Should -Be 'LimitRefused,MyDocker.Commands.SetContainerCommand'
        $failures.CategoryInfo.Category | Should -Be LimitsExceeded
        "$failures" | Should -BeLike '*uses more than 8MiB of memory*'
        "$((Get-Container bird).Limits)" | Should -Be 'Memory=67108864'
        (Measure-Container bird).PidsLimit | Should -BeNullOrEmpty
    }

    It 'refuses what makes no sense: <Parameters.Keys>' -ForEach @(
        @{ Parameters = @{ Memory = '1KB' } }, @{ Parameters = @{ Cpus = 5000 } }, @{ Parameters = @{ CpuSet = 'abc' } }, @{ Parameters = @{ PidsLimit = -1 } }
    ) {
        New-Container -Name bird sleep 100 | Out-Null
        { Set-Container bird @Parameters -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        "$((Get-Container bird).Limits)" | Should -Be none
    }

    It 'changes how it is stopped' {
        $bird = New-Container -Name bird -- sh -c 'trap "exit 9" USR1; echo ready; while :; do sleep 0.05; done' | Start-Container
        Wait-ContainerText $bird ready
        Set-Container bird -StopSignal SIGUSR1 -StopTimeoutSeconds 30 | Out-Null
        (Stop-Container bird).ExitCode | Should -Be 9
    }

    It 'takes several from the pipeline' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Set-Container -PidsLimit 5 | ForEach-Object { "$($_.Name) $($_.Limits)" } |
            Should -Be 'bird PidsLimit=5', 'fish PidsLimit=5'
    }

    It 'reports a name that is not there' {
        { Set-Container nobody -Memory 64MB -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }

    It 'changes nothing with -WhatIf' {
        New-Container -Name bird sleep 100 | Out-Null
        Set-Container bird -Memory 64MB -WhatIf | Should -BeNullOrEmpty
        "$((Get-Container bird).Limits)" | Should -Be none
    }
}
