BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Remove-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'removes one that is <Status>, with all its files, and emits nothing' -ForEach @(
        @{ Status = 'Created'; Line = 'New-Container -Name bird sleep 100' }
        @{ Status = 'Exited'; Line = 'New-Container -Name bird -- sh -c "echo x > /root/x" | Start-Container | Wait-Container -Timeout 20' }
        @{ Status = 'Stopped'; Line = 'New-Container -Name bird sleep 100 | Start-Container | Stop-Container' }
    ) {
        $bird = Invoke-Expression $Line
        $bird.Status | Should -Be $Status
        Remove-Container bird | Should -BeNullOrEmpty
        $bird.BundlePath | Should -Not -Exist
        Get-Leftover $bird.Id | Should -BeNullOrEmpty
        { Get-Container bird -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        # The name is free again.
        (New-Container -Name bird sleep 100).Id | Should -Not -Be $bird.Id
    }

    It 'leaves a running one alone, and says what to do' {
        $bird = New-Container -Name bird sleep 100 | Start-Container
        Remove-Container bird -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerRunning,MyDocker.Commands.RemoveContainerCommand'
        $failures[0].CategoryInfo.Category | Should -Be InvalidOperation
        $failures[0].TargetObject | Should -Be bird
        "$($failures[0])" | Should -BeLike '*Stop-Container bird*-Force*'
        (Get-Container bird).Pid | Should -Be $bird.Pid
    }

    It 'kills it first with -Force' {
        $bird = Start-DeafContainer bird
        (Measure-Command { Remove-Container bird -Force }).TotalSeconds | Should -BeLessThan 2
        Test-Alive $bird.Pid | Should -BeFalse
        Get-Container | Should -BeNullOrEmpty
    }

    It 'removes what the pipeline brings, and goes on after an error' {
        'bird', 'bear', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container bear | Out-Null
        Get-Container | Remove-Container -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.TargetObject | Should -Be bear
        (Get-Container).Name | Should -Be bear
        Remove-Container nobody, b* -Force -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.RemoveContainerCommand'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'removes nothing with -WhatIf, not even with -Force' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        Remove-Container bird -Force -WhatIf
        (Get-Container bird).Status | Should -Be Running
    }

    It 'removes nothing that -RootFileSystem or -Volume has brought in' {
        $kept = (New-Item -ItemType Directory TestDrive:/kept).FullName
        Set-Content $kept/egg yolk
        $ended = New-Container -Name bird -Volume ${kept}:/data -- sh -c 'echo x > /data/chick' | Start-Container | Wait-Container -Timeout 20
        $ended.ExitCode | Should -Be 0
        Remove-Container bird
        Get-Content $kept/egg, $kept/chick | Should -Be yolk, x
    }

    It 'follows no link out of the container''s folder' {
        $kept = (New-Item -ItemType Directory TestDrive:/outside).FullName
        Set-Content $kept/egg yolk
        $bird = New-Container -Name bird sleep 100
        [IO.Directory]::CreateSymbolicLink("$($bird.BundlePath)/layer/upper/link", $kept) | Out-Null
        Remove-Container bird
        Get-Content $kept/egg | Should -Be yolk
    }
}
