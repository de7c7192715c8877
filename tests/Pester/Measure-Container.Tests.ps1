BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Measure-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'tells what a container uses' {
        $bird = New-Container -Name bird -Memory 64MB -PidsLimit 50 -- sh -c 'while :; do :; done' | Start-Container
        $measured = Measure-Container bird
        $measured.Name | Should -Be bird
        $measured.Id | Should -Be $bird.Id
        $measured.CpuPercent | Should -BeGreaterThan 1
        $measured.CpuTime | Should -BeGreaterThan ([timespan]::Zero)
        $measured.MemoryUsage | Should -BeGreaterThan 4KB
        $measured.MemoryLimit | Should -Be 64MB
        $measured.MemoryPercent | Should -BeGreaterThan 0
        $measured.Pids | Should -Be 1
        $measured.PidsLimit | Should -Be 50
        $measured.NetworkReceived | Should -Be 0
    }

    It 'goes on with -Continuous until it is told to stop' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        $measured = Measure-Container bird -Continuous -IntervalSeconds 0.1 | Select-Object -First 3
        $measured | Should -HaveCount 3
        ($measured[2].Time - $measured[0].Time).TotalSeconds | Should -BeGreaterThan 0.15
    }

    It 'ends by itself with -Continuous when nothing runs any more' {
        New-Container -Name bird sleep 1 | Start-Container | Out-Null
        Measure-Container bird -Continuous -IntervalSeconds 0.1 -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'leads to the container by its name' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 | Start-Container } | Out-Null
        (Measure-Container * | Where-Object Name -eq fish | Suspend-Container).Name | Should -Be fish
        (Get-Container bird).Status | Should -Be Running
    }

    It 'reports one that does not run, and measures the rest' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container bird | Out-Null
        $measured = Measure-Container fish, bird -ErrorVariable failures -ErrorAction SilentlyContinue
        $measured.Name | Should -Be bird
        $failures.FullyQualifiedErrorId | Should -Be 'ContainerNotRunning,MyDocker.Commands.MeasureContainerCommand'
        (Measure-Container * -ErrorAction Stop).Name | Should -Be bird
    }

    It 'shows a table with sizes for people, 80 columns wide' {
        New-Container -Name bird -Memory 64MB sleep 100 | Start-Container | Out-Null
        $lines = (Measure-Container bird | Out-String -Width 80) -replace '\e\[[0-9;]*m' -split "`n" | Where-Object { $_.Trim() }
        $lines[0] | Should -Match '^NAME\s+CPU % MEMORY / LIMIT\s+MEM % NET IN / OUT\s+DISK IN / OUT\s+PIDS'
        $lines[2] | Should -Match '^bird\s+[\d.]+ [\d.]+KiB / 64MiB\s'
        $lines | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
    }

    It 'breaks off at once with Ctrl-C' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Measure-Container bird -Continuous -IntervalSeconds 60")
        $null = $session.BeginInvoke()
        Start-Sleep 1
        (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 2
        $session.Dispose()
    }

    It 'offers to tab completion only what runs' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container fish | Out-Null
        (TabExpansion2 'Measure-Container ').CompletionMatches.CompletionText | Should -Be fish
    }
}
