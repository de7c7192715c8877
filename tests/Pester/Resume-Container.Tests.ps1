BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Resume-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'lets a suspended container go on' {
        $bird = New-Container -Name bird -- sh -c 'while :; do echo step; sleep 0.02; done' | Start-Container
        Wait-ContainerText $bird step
        Suspend-Container bird | Out-Null
        Start-Sleep -Milliseconds 200
        $length = (Get-Item $bird.LogPath).Length
        $resumed = Resume-Container bird
        $resumed.Status | Should -Be Running
        $resumed.Pid | Should -Be $bird.Pid
        $deadline = [DateTime]::Now.AddSeconds(20)
        while ((Get-Item $bird.LogPath).Length -eq $length -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
        (Get-Item $bird.LogPath).Length | Should -BeGreaterThan $length
    }

    It 'emits one that runs already' {
        New-Container -Name bird sleep 100 | Start-Container | Out-Null
        (Resume-Container bird -ErrorAction Stop).Status | Should -Be Running
    }

    It 'resumes all that are suspended through the pipeline' {
        'bird', 'fish', 'wren' | ForEach-Object { New-Container -Name $_ sleep 100 | Start-Container } | Out-Null
        Suspend-Container bird, fish | Out-Null
        (Get-Container -Status Paused | Resume-Container).Name | Should -Be bird, fish
        (Get-Container).Status | Sort-Object -Unique | Should -Be Running
    }

    It 'reports one that does not run' {
        New-Container -Name bird sleep 100 | Out-Null
        { Resume-Container bird -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        Resume-Container * -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        New-Container -Name bird sleep 100 | Start-Container | Suspend-Container | Out-Null
        Resume-Container bird -WhatIf | Should -BeNullOrEmpty
        (Get-Container bird).Status | Should -Be Paused
    }

    It 'offers to tab completion only what is suspended' {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 | Start-Container } | Out-Null
        Suspend-Container fish | Out-Null
        (TabExpansion2 'Resume-Container ').CompletionMatches.CompletionText | Should -Be fish
    }
}
