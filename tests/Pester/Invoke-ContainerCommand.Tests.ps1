BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Invoke-ContainerCommand$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    BeforeEach { $bird = New-Container -Name bird sleep 1000 | Start-Container }
    AfterEach { Clear-TestStore }

    It 'emits lines as strings, which other cmdlets take' {
        Invoke-ContainerCommand bird echo hello world | Should -Be 'hello world'
        Exec-Container bird hostname | Should -Be $bird.Hostname
        $release = Invoke-ContainerCommand bird cat /etc/os-release | ConvertFrom-StringData
        $release.ID | Should -Not -BeNullOrEmpty
        Invoke-ContainerCommand bird -- sh -c 'printf "{\"a\": 1}"' | ConvertFrom-Json | ForEach-Object a | Should -Be 1
    }

    It 'gives standard input to the command line by line, in order' {
        1..1000 | Invoke-ContainerCommand bird cat | Should -Be (1..1000)
        'one', 'two' | Invoke-ContainerCommand bird -- sh -c 'while read line; do echo "<$line>"; done' | Should -Be '<one>', '<two>'
        Get-Content $PSScriptRoot/Run.ps1 | Invoke-ContainerCommand bird cat | Should -Be (Get-Content $PSScriptRoot/Run.ps1)
    }

    It 'keeps bytes as they are with -AsByteStream' {
        $file = "$env:MYDOCKER_ROOT/bytes"
        $bytes = [byte[]]::new(300KB)
        [Random]::new(1).NextBytes($bytes)
        [IO.File]::WriteAllBytes($file, $bytes)
        Get-Content $file -AsByteStream -Raw | Invoke-ContainerCommand bird -AsByteStream cat | Set-Content "$file.copy" -AsByteStream
        (Get-FileHash "$file.copy").Hash | Should -Be (Get-FileHash $file).Hash
        [byte[]](0, 255, 10) | Invoke-ContainerCommand bird -AsByteStream cat | ForEach-Object { $_ } | Should -Be 0, 255, 10
    }

    It 'emits a line when it is written' {
        $stopwatch = [Diagnostics.Stopwatch]::StartNew()
        $times = Invoke-ContainerCommand bird -- sh -c 'echo a; sleep 1; echo b' | ForEach-Object { $stopwatch.Elapsed.TotalSeconds }
        $times[1] - $times[0] | Should -BeGreaterThan 0.7
    }

    It 'sets $LASTEXITCODE and $? as a native command does' {
        Invoke-ContainerCommand bird true; $? | Should -BeTrue
        $LASTEXITCODE | Should -Be 0
        Invoke-ContainerCommand bird false; $? | Should -BeFalse
        $LASTEXITCODE | Should -Be 1
        Invoke-ContainerCommand bird -- sh -c 'kill -9 $$'; $? | Should -BeFalse
        $LASTEXITCODE | Should -Be 137
        Invoke-ContainerCommand bird -- sh -c 'echo err >&2' 2>$null; $? | Should -BeTrue
    }

    It 'is chained by && and ||' {
        (Invoke-ContainerCommand bird true && 'and') | Should -Be and
        (Invoke-ContainerCommand bird false && 'and') | Should -BeNullOrEmpty
        (Invoke-ContainerCommand bird false || 'or') | Should -Be or
        (Invoke-ContainerCommand bird true || 'or') | Should -BeNullOrEmpty
        (Invoke-ContainerCommand bird -- sh -c 'echo err >&2; exit 0' 2>$null && 'and') | Should -Be and
    }

    It 'treats standard error as a native command''s: shown, redirected, and never the end of a script' {
        $ErrorActionPreference = 'Stop'
        $file = "$env:MYDOCKER_ROOT/errors"
        Invoke-ContainerCommand bird -- sh -c 'echo out; echo err >&2; echo more >&2' 2>$file | Should -Be out
        Get-Content $file | Should -Be err, more
        $both = Invoke-ContainerCommand bird -- sh -c 'echo err >&2; sleep 0.2; echo out' 2>&1
        "$both" | Should -Be 'err out'
        $both[0] | Should -BeOfType ([Management.Automation.ErrorRecord])
        $shown = pwsh -NoProfile -Command "`$ErrorActionPreference = 'Stop'; Import-Module '$(Get-TestModulePath)'; Invoke-ContainerCommand bird -- sh -c 'echo err >&2; exit 3'; `"went on `$LASTEXITCODE`"" 2>&1
        "$shown" | Should -BeLike '*err*went on 3'
    }

    It 'runs twenty at once' {
        $module = Get-TestModulePath
        $lines = 1..20 | ForEach-Object -ThrottleLimit 20 -Parallel {
            Import-Module $using:module
            $said = $_ | Invoke-ContainerCommand bird -- sh -c "read n; echo `$n; echo $_ >&2; sleep 0.5; exit $_" 2>&1
            "$said $LASTEXITCODE"
        }
        $lines | Sort-Object { [int]($_ -split ' ')[-1] } | Should -Be (1..20 | ForEach-Object { "$_ $_ $_" })
    }

    It 'has the user, environment and folder that were asked for' {
        Invoke-ContainerCommand bird -User 7:8 -Environment @{ A = 'x y' } -WorkingDirectory /tmp -- sh -c 'echo $(id -u) $(id -g) $A $PWD' |
            Should -Be '7 8 x y /tmp'
        Invoke-ContainerCommand bird -Env A=1, B=2 -- sh -c 'echo $A$B' | Should -Be 12
    }

    It 'takes containers from the pipeline' {
        $null = New-Container -Name robin -Hostname nest sleep 1000 | Start-Container
        Get-Container | Invoke-ContainerCommand -Command hostname | Sort-Object | Should -Be ($bird.Hostname, 'nest' | Sort-Object)
        Invoke-ContainerCommand bi*, robin -- echo x | Should -Be x, x
    }

    It 'goes on by itself with -Detach' {
        (Measure-Command { (Invoke-ContainerCommand bird -Detach sleep 777).Name | Should -Be bird }).TotalSeconds | Should -BeLessThan 1.5
        Get-Process sleep | Where-Object { $_.CommandLine -match '777' } | Should -HaveCount 1
    }

    It 'kills the command when the pipeline wants no more, and with Ctrl-C' {
        Invoke-ContainerCommand bird yes | Select-Object -First 3 | Should -Be y, y, y
        $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Invoke-ContainerCommand bird sleep 778")
        $null = $session.BeginInvoke()
        $deadline = [DateTime]::Now.AddSeconds(20)
        while (-not (Get-Process sleep | Where-Object CommandLine -Match 778) -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
        (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 3
        $session.Dispose()
        Get-Process sleep, yes -ErrorAction Ignore | Where-Object CommandLine -Match '778|yes' | Should -BeNullOrEmpty
        (Get-Container bird).Status | Should -Be Running
    }

    It 'reports <ErrorId> for <Line>' -ForEach @(
        @{ Line = 'bird nosuchcommand'; ErrorId = 'CommandNotFound' }
        @{ Line = 'bird -User nosuch id'; ErrorId = 'InvalidArgument' }
        @{ Line = 'bird -WorkingDirectory /nosuch id'; ErrorId = 'ContainerCommandFailed' }
        @{ Line = 'nosuch id'; ErrorId = 'ContainerNotFound' }
        @{ Line = 'made id'; ErrorId = 'ContainerNotRunning' }
    ) {
        $null = New-Container -Name made sleep 1000
        { Invoke-Expression "Invoke-ContainerCommand $Line -ErrorAction Stop" } | Should -Throw -ErrorId "$ErrorId,*"
    }

    It 'executes nothing with -WhatIf' {
        Invoke-ContainerCommand bird touch /touched -WhatIf
        Invoke-ContainerCommand bird -- test -e /touched
        $LASTEXITCODE | Should -Be 1
    }

    It 'offers running containers to Tab' {
        $null = New-Container -Name bittern sleep 1000
        $line = 'Invoke-ContainerCommand bi'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be bird
    }
}
