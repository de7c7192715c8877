BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Invoke-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'emits the lines of standard output, sets $LASTEXITCODE and removes the container' {
        $global:LASTEXITCODE = 99
        Invoke-Container echo hello world | Should -Be 'hello world'
        $LASTEXITCODE | Should -Be 0
        Invoke-Container -- sh -c 'printf "a\nb\r\n\nGrüße 日本"; exit 7' | Should -Be 'a', 'b', '', 'Grüße 日本'
        $LASTEXITCODE | Should -Be 7
        Get-Container | Should -BeNullOrEmpty
    }

    It 'is also called Run-Container' {
        Run-Container echo hello | Should -Be hello
    }

    It 'writes standard error as a native command does: redirected by 2>, and never the end' {
        $ErrorActionPreference = 'Stop'
        Invoke-Container -- sh -c 'echo out; echo err >&2' 2>$TestDrive/err | Should -Be out
        $? | Should -BeTrue
        Get-Content $TestDrive/err | Should -Be err
    }

    It 'gives the pipeline to the process to read' {
        'b', 'a' | Invoke-Container sort | Should -Be 'a', 'b'
        1..10000 | Invoke-Container cat | Should -HaveCount 10000
    }

    It 'leaves $? as a native command does' {
        'x' | Invoke-Container -- sh -c 'exit 3'
        $? | Should -BeFalse
        $LASTEXITCODE | Should -Be 3
        Invoke-Container -- sh -c 'echo err >&2' 2>$null
        $? | Should -BeTrue
    }

    It 'shows standard error to the user' {
        # What the host writes is seen from outside only.
        $shown = pwsh -NoProfile -Command "Import-Module '$(Get-TestModulePath)'; Invoke-Container -- sh -c 'echo out; echo err >&2' | Out-Null" 2>&1
        "$shown" | Should -BeLike '*err*'
    }

    It 'emits each line when it is written' {
        $stopwatch = [Diagnostics.Stopwatch]::StartNew()
        $times = Invoke-Container -- sh -c 'echo a; sleep 1; echo b' | ForEach-Object { $stopwatch.Elapsed.TotalSeconds }
        $times[1] - $times[0] | Should -BeGreaterThan 0.7
    }

    It 'loses nothing of a long output' {
        $lines = Invoke-Container seq 1 50000
        $lines | Should -HaveCount 50000
        $lines[-1] | Should -Be 50000
    }

    It 'keeps the container with -Keep' {
        Invoke-Container -Name bird -Keep -- sh -c 'exit 3' | Should -BeNullOrEmpty
        $bird = Get-Container bird
        $bird.Status | Should -Be Exited
        $bird.ExitCode | Should -Be 3
    }

    It 'emits the started container with -Detach, and doesn''t wait' {
        $bird = Invoke-Container -Detach -Name bird sleep 100
        $bird.Status | Should -Be Running
        (Stop-Container bird).Status | Should -Be Stopped
    }

    It 'removes a detached one at its end with -AutoRemove' {
        $bird = Invoke-Container -Detach -AutoRemove -Name bird sleep 0.2
        ($bird | Wait-Container -TimeoutSeconds 20).ExitCode | Should -Be 0
        Get-Container | Should -BeNullOrEmpty
    }

    It 'reports <ErrorId> for <Line>, and leaves nothing behind' -ForEach @(
        @{ Line = 'nosuchcommand'; ErrorId = 'CommandNotFound' }
        @{ Line = '-Image nest true'; ErrorId = 'ImageNotFound' }
        @{ Line = '-Name a/b true'; ErrorId = 'InvalidContainerName' }
        @{ Line = '-CpuSet 4000 true'; ErrorId = 'ContainerStartFailed' }
        @{ Line = '-Detach nosuchcommand'; ErrorId = 'CommandNotFound' }
    ) {
        { Invoke-Expression "Invoke-Container $Line -ErrorAction Stop" } | Should -Throw -ErrorId "$ErrorId,*"
        Get-Container | Should -BeNullOrEmpty
        Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -BeNullOrEmpty
    }

    It 'keeps a container whose command is missing with -Keep' {
        Invoke-Container -Name bird -Keep nosuchcommand -ErrorAction SilentlyContinue
        (Get-Container bird).Status | Should -Be Created
    }

    It 'runs nothing with -WhatIf' {
        Invoke-Container -Name bird -WhatIf echo hello | Should -BeNullOrEmpty
        Get-Container | Should -BeNullOrEmpty
    }

    It 'ends the container when the pipeline wants no more' {
        Invoke-Container -Name bird yes | Select-Object -First 3 | Should -Be y, y, y
        Get-Container | Should -BeNullOrEmpty
    }

    It 'ends the container with Ctrl-C' {
        $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Invoke-Container -Name bird sleep 100")
        $null = $session.BeginInvoke()
        $deadline = [DateTime]::Now.AddSeconds(20)
        while ((Get-Container bir[d]).Status -ne 'Running' -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
        (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 3
        $session.Dispose()
        Get-Container | Should -BeNullOrEmpty
    }

    It 'gives a terminal with -Terminal' {
        Invoke-Container -Terminal tty | Should -Be /dev/pts/0
    }
}
