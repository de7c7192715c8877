BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Start-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'returns when the command runs' {
        New-Container -Name bird sleep 100 | Out-Null
        $started = Start-Container bird
        $started.Status | Should -Be Running
        Get-Content "/proc/$($started.Pid)/comm" | Should -Be sleep
        [DateTimeOffset]::Now - $started.StartedAt | Should -BeLessThan ([TimeSpan]::FromMinutes(1))
        $started.FinishedAt | Should -BeNullOrEmpty
        $started.RestartCount | Should -Be 0
    }

    It 'starts what <Line> names' -ForEach @(
        @{ Line = 'Start-Container bird'; Expected = 'bird' }
        @{ Line = 'Start-Container fish, bird'; Expected = 'fish', 'bird' }
        @{ Line = 'Start-Container *i*'; Expected = 'bird', 'fish' }
        @{ Line = 'Start-Container -Id $bird.Id.Substring(0, 12)'; Expected = 'bird' }
        @{ Line = 'Start-Container -InputObject $bird, $fish'; Expected = 'bird', 'fish' }
        @{ Line = '$bird, $fish | Start-Container'; Expected = 'bird', 'fish' }
        @{ Line = '"fish" | Start-Container'; Expected = 'fish' }
        @{ Line = '[pscustomobject]@{ Name = "fish" } | Start-Container'; Expected = 'fish' }
        @{ Line = 'Start-Container $fish'; Expected = 'fish' }
        @{ Line = 'Start-Container x*'; Expected = @() }
    ) {
        $bird = New-Container -Name bird sleep 100
        $fish = New-Container -Name fish sleep 100
        @(Invoke-Expression $Line).Name | Should -Be $Expected
        @(Get-Container -Status Running).Name | Should -Be ($Expected | Sort-Object)
    }

    It 'starts what another session has emitted' {
        # What crosses a process border has lost its type and keeps its properties.
        $bird = New-Container -Name bird sleep 100
        $deserialized = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($bird))
        ($deserialized | Start-Container).Status | Should -Be Running
    }

    It 'starts nothing with -WhatIf' {
        New-Container -Name bird sleep 100 | Start-Container -WhatIf | Should -BeNullOrEmpty
        (Get-Container bird).Status | Should -Be Created
    }

    It 'starts again what has ended, with what it had written' {
        New-Container -Name bird -- sh -c 'echo tweet >> /root/song; cat /root/song' | Start-Container | Wait-Container -Timeout 20 | Out-Null
        $again = Start-Container bird
        $again.RestartCount | Should -Be 1
        $ended = Wait-Container bird -Timeout 20
        $ended.ExitCode | Should -Be 0
        Get-ContainerText $ended | Should -Be tweet, tweet, tweet
    }

    It 'reports one that runs, and starts the next' {
        $bird, $fish = 'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 }
        $first = Start-Container bird
        $started = Start-Container bird, nobody, fish -ErrorVariable failures -ErrorAction SilentlyContinue
        $started.Name | Should -Be fish
        $running, $missing = $failures | Sort-Object TargetObject
        $running.FullyQualifiedErrorId | Should -Be 'ContainerRunning,MyDocker.Commands.StartContainerCommand'
        $running.CategoryInfo.Category | Should -Be InvalidOperation
        $running.TargetObject | Should -Be bird
        $missing.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.StartContainerCommand'
        $missing.TargetObject | Should -Be nobody
        (Get-Container bird).Pid | Should -Be $first.Pid
    }

    It 'reports <ErrorId> for <Line>, and changes nothing' -ForEach @(
        @{ Line = 'nosuchcommand'; ErrorId = 'CommandNotFound'; Says = "'nosuchcommand' was not found" }
        @{ Line = '/no/such/command'; ErrorId = 'CommandNotFound'; Says = "'/no/such/command' was not found" }
        @{ Line = '/etc/passwd'; ErrorId = 'CommandNotFound'; Says = 'permission denied' }
        @{ Line = '/etc'; ErrorId = 'CommandNotFound'; Says = 'permission denied' }
        @{ Line = '-CpuSet 4000 true'; ErrorId = 'ContainerStartFailed'; Says = 'cpuset' }
        @{ Line = '-Volume ${gone}:/data true'; ErrorId = 'ContainerStartFailed'; Says = '/gone: No such file' }
    ) {
        $gone = (New-Item -ItemType Directory TestDrive:/gone).FullName
        Invoke-Expression "New-Container -Name bird $Line" | Out-Null
        Remove-Item $gone
        $failure = Start-Container bird 2>&1
        $failure.FullyQualifiedErrorId | Should -Be "$ErrorId,MyDocker.Commands.StartContainerCommand"
        "$failure" | Should -BeLike "*$Says*"
        (Get-Container bird).Status | Should -Be Created
        Remove-Container bird -ErrorAction Stop
    }

    It 'gives the process what was asked for: <Line>' -ForEach @(
        @{ Line = '-Hostname nest hostname'; Expected = 'nest' }
        @{ Line = '-WorkingDirectory /usr/bin pwd'; Expected = '/usr/bin' }
        @{ Line = '-Environment @{ SONG = "a b" } printenv SONG'; Expected = 'a b' }
        @{ Line = '-User 1000:1000 -- id -u'; Expected = '1000' }
        @{ Line = '-Tmpfs /data:size=1m -- stat -f -c %T /data'; Expected = 'tmpfs' }
        @{ Line = '-Volume /usr/share:/data:ro -- sh -c "touch /data/x 2>/dev/null || echo refused"'; Expected = 'refused' }
        @{ Line = '-ReadOnly -- sh -c "touch /root/x 2>/dev/null || echo refused"'; Expected = 'refused' }
        @{ Line = '-Terminal tty'; Expected = '/dev/pts/0' }
        @{ Line = '-Init -- sh -c "cat /proc/1/comm | cut -c 1-8"'; Expected = 'mydocker' }
        @{ Line = '-- sh -c "echo $$"'; Expected = '1' }
    ) {
        # In single quotes, as $$ means something to PowerShell too.
        $ended = Invoke-Expression ("New-Container -Name bird $Line" -replace '"(.*)"', "'`$1'") | Start-Container | Wait-Container -Timeout 20
        Get-ContainerText $ended | ForEach-Object TrimEnd | Should -Be $Expected
        $ended.ExitCode | Should -Be 0
    }

    It 'offers to tab completion only what does not run' {
        'bird', 'bear' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Start-Container bear | Out-Null
        (TabExpansion2 'Start-Container ').CompletionMatches.CompletionText | Should -Be bird
    }
}
