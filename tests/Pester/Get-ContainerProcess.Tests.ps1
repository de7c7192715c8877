BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Get-ContainerProcess$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'lists the processes of a container with their numbers outside and inside' {
        $bird = New-Container -Name bird -- sh -c 'sleep 4711 & echo ready; wait' | Start-Container
        Wait-ContainerText $bird ready
        $processes = Get-ContainerProcess bird
        $processes | Should -HaveCount 2
        $processes[0].Pid | Should -Be $bird.Pid
        $processes.ContainerPid | Should -Be 1, 2
        $processes[1].ParentPid | Should -Be $bird.Pid
        $processes[1].Command | Should -Be sleep, 4711
        $processes[1].CommandLine | Should -Be 'sleep 4711'
        $processes[1].User | Should -Be root
        $processes[1].CpuTime | Should -BeOfType ([timespan])
        $processes[1].Memory | Should -BeGreaterThan 4KB
        $processes[1].StartTime | Should -BeGreaterThan ([DateTimeOffset]::Now.AddMinutes(-1))
        $processes.ContainerName | Sort-Object -Unique | Should -Be bird
    }

    It 'leads to Get-Process and Stop-Process by its Id' {
        $bird = New-Container -Name bird -- sh -c 'sleep 4711 & echo ready; wait; echo woken; sleep 4712' | Start-Container
        Wait-ContainerText $bird ready
        (Get-ContainerProcess bird | Get-Process).Id | Should -Be (Get-ContainerProcess bird).Pid
        Get-ContainerProcess bird | Where-Object CommandLine -eq 'sleep 4711' | Stop-Process
        Wait-ContainerText $bird woken
        (Get-ContainerProcess bird).CommandLine | Should -Contain 'sleep 4712'
    }

    It 'leads to the container by its name' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        (Get-ContainerProcess bird | Stop-Container -Force).Status | Should -Be Stopped
    }

    It 'takes several containers, and those of the pipeline' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 | Start-Container } | Out-Null
        (Get-ContainerProcess bird, fish).ContainerName | Should -Be bird, fish
        (Get-Container | Get-ContainerProcess).ContainerName | Should -Be bird, fish
    }

    It 'works for a suspended container' {
        New-Container -Name bird sleep 100 | Start-Container | Suspend-Container | Out-Null
        (Get-ContainerProcess bird).CommandLine | Should -Be 'sleep 100'
    }

    It 'reports one that does not run' {
        New-Container -Name bird sleep 100 | Out-Null
        { Get-ContainerProcess bird -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        Get-ContainerProcess * -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'shows a table that a process can''t disturb' {
        $name = "evil$([char]27)[31m"
        $bird = New-Container -Name bird -- sh -c 'echo ready; sleep 100' $name | Start-Container
        Wait-ContainerText $bird ready
        $lines = (Get-ContainerProcess bird | Out-String -Width 120) -split "`n" | Where-Object { $_.Trim() }
        $lines[0] -replace '\e\[[0-9;]*m' -split '\s+' | Where-Object { $_ } | Should -Be CONTAINER, PID, INSIDE, USER, STATE, MEMORY, CPU, COMMAND
        "$lines" | Should -Match ([regex]::Escape('evil?[31m'))
        (Get-ContainerProcess bird)[0].Command[-1] | Should -Be $name
    }

    It 'offers to tab completion only what runs' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container fish | Out-Null
        (TabExpansion2 'Get-ContainerProcess ').CompletionMatches.CompletionText | Should -Be fish
    }
}
