BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Get-ContainerLog$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore

        # A container that has written these lines and ended.
        function New-EndedContainer([string] $Name, [string] $Script) {
            New-Container -Name $Name -- sh -c $Script | Start-Container | Wait-Container -TimeoutSeconds 20
        }
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    Context 'what comes out' {
        It 'is typed' {
            $bird = New-EndedContainer bird 'echo one; sleep 0.1; echo two >&2'
            $lines = Get-ContainerLog bird
            $lines | ForEach-Object { $_ | Should -BeOfType MyDocker.ContainerLogLine }
            $lines.Text | Should -Be one, two
            $lines.Stream | Should -Be Stdout, Stderr
            $lines.Name | Should -Be bird, bird
            $lines.Id | Should -Be $bird.Id, $bird.Id
            $lines[0].Time | Should -BeOfType DateTimeOffset
            $lines[0].Time | Should -BeGreaterOrEqual $bird.StartedAt
            $lines[1].Time | Should -BeLessOrEqual $bird.FinishedAt
        }

        It 'prints as its text: in a string, on the screen, in a file and for a native command' {
            New-EndedContainer bird 'echo one; echo; echo "  a b"; printf three' | Out-Null
            "$(Get-ContainerLog bird -Tail 1)" | Should -Be three
            (Get-ContainerLog bird | Out-String) | Should -Be "one`n`n  a b`nthree`n"
            Get-ContainerLog bird > TestDrive:/log
            Get-Content -Raw TestDrive:/log | Should -Be "one`n`n  a b`nthree`n"
            Get-ContainerLog bird | cat | Should -Be one, '', '  a b', three
        }

        It 'is not wrapped where it is longer than the screen' {
            New-EndedContainer bird 'seq -s " " 500' | Out-Null
            Get-ContainerLog bird > TestDrive:/log
            Get-Content TestDrive:/log | Should -Be (1..500 -join ' ')
        }

        It 'has its time in front with -Timestamps' {
            New-EndedContainer bird 'echo one' | Out-Null
            $line = Get-ContainerLog bird -Timestamps
            "$line" | Should -Be "$($line.Time.UtcDateTime.ToString('O')) one"
            $line.Text | Should -Be one
        }

        It 'is found by Select-String and Where-Object' {
            New-EndedContainer bird 'seq 20; echo oops >&2' | Out-Null
            (Get-ContainerLog bird | Select-String 7).Line | Should -Be 7, 17
            (Get-ContainerLog bird | Where-Object Stream -EQ stderr).Text | Should -Be oops
        }

        It 'is nothing for a container that has said nothing' {
            New-Container -Name bird true | Out-Null
            Get-ContainerLog bird -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'keeps long lines, lines without an end and what is not UTF-8' {
            New-EndedContainer bird 'head -c 200000 /dev/zero | tr "\0" x; echo; printf "gr\303\274n \377"' | Out-Null
            $lines = Get-ContainerLog bird
            $lines[0].Text.Length | Should -Be 200000
            $lines[1].Text | Should -Be "grün $([char]0xFFFD)"
        }

        It 'begins a new line with every run' {
            New-EndedContainer bird 'printf song' | Start-Container | Wait-Container -TimeoutSeconds 20 | Out-Null
            (Get-ContainerLog bird).Text | Should -Be song, song
        }
    }

    Context 'a part of it' {
        It 'is <Expected> with <Parameters>' -ForEach @(
            @{ Parameters = '-Tail 2'; Expected = '4', '5' }
            @{ Parameters = '-Tail 0'; Expected = @() }
            @{ Parameters = '-Tail 99'; Expected = '1', '2', '3', '4', '5' }
            @{ Parameters = '-Since 5m'; Expected = '1', '2', '3', '4', '5' }
            @{ Parameters = '-Until 5m'; Expected = @() }
            @{ Parameters = '-Since (Get-Date).AddMinutes(-5)'; Expected = '1', '2', '3', '4', '5' }
            @{ Parameters = '-Since (New-TimeSpan -Minutes 5) -Tail 1'; Expected = '5' }
            @{ Parameters = '-Since $lines[2].Time'; Expected = '3', '4', '5' }
            @{ Parameters = '-Until $lines[2].Time -Tail 2'; Expected = '2', '3' }
        ) {
            New-EndedContainer bird 'for i in 1 2 3 4 5; do echo $i; sleep 0.02; done' | Out-Null
            $lines = Get-ContainerLog bird
            @(Invoke-Expression "Get-ContainerLog bird $Parameters").Text | Should -Be $Expected
        }

        It 'refuses <Parameters>' -ForEach @(
            @{ Parameters = '-Tail -2' }
            @{ Parameters = '-Since soonish' }
            @{ Parameters = '-Until 10x' }
        ) {
            { Invoke-Expression "Get-ContainerLog bird $Parameters" } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        }
    }

    Context 'several containers' {
        It 'are merged by time, each line with its name' {
            1..2 | ForEach-Object { foreach ($name in 'bird', 'fish') {
                if ($_ -eq 1) { New-Container -Name $name -- sh -c 'echo $HOSTNAME' | Out-Null }
                Start-Container $name | Wait-Container -TimeoutSeconds 20
            } } | Out-Null
            $lines = Get-ContainerLog bird, fish
            $lines.Name | Should -Be bird, fish, bird, fish
            "$($lines[1])" | Should -Be "fish  | $($lines[1].Text)"
            (Get-Container | Get-ContainerLog -Tail 1).Name | Should -Be bird, fish
        }

        It 'are not kept by one that is not there' {
            New-EndedContainer bird 'echo one' | Out-Null
            $lines = Get-ContainerLog nobody, bird -ErrorVariable failures -ErrorAction SilentlyContinue
            $lines.Text | Should -Be one
            $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.GetContainerLogCommand'
            $failures[0].TargetObject | Should -Be nobody
        }
    }

    Context '-Follow' {
        It 'shows a line while the container runs, and ends with it' {
            New-Container -Name bird -- sh -c 'for i in 1 2 3; do echo $i; sleep 0.3; done' | Start-Container | Out-Null
            $arrivals = Get-ContainerLog bird -Follow | ForEach-Object { [pscustomobject]@{ Text = $_.Text; Lateness = [DateTimeOffset]::UtcNow - $_.Time } }
            $arrivals.Text | Should -Be 1, 2, 3
            $arrivals[2].Lateness.TotalSeconds | Should -BeLessThan 1
        }

        It 'ends when the container is stopped' {
            Start-PoliteContainer bird | Out-Null
            $module = Get-TestModulePath
            $job = Start-ThreadJob { Import-Module $using:module; Get-ContainerLog bird -Follow }
            while (-not $job.HasMoreData) { Start-Sleep -Milliseconds 20 }
            Stop-Container bird | Out-Null
            ($job | Receive-Job -Wait -AutoRemoveJob).Text | Should -Be ready
        }

        It 'shows the last words of a container that removes itself' {
            New-Container -Name bird -AutoRemove -- sh -c 'sleep 0.3; seq 1000' | Start-Container | Out-Null
            (Get-ContainerLog bird -Follow).Text | Should -Be (1..1000)
        }

        It 'ends when the container is removed' {
            Start-DeafContainer bird | Out-Null
            $module = Get-TestModulePath
            $job = Start-ThreadJob { Import-Module $using:module; Get-ContainerLog bird -Follow }
            while (-not $job.HasMoreData) { Start-Sleep -Milliseconds 20 }
            Remove-Container bird -Force
            ($job | Receive-Job -Wait -AutoRemoveJob).Text | Should -Be ready
        }

        It 'loses and repeats nothing across rotations' {
            New-Container -Name bird -- sh -c 'i=1; while [ $i -lt 400000 ]; do seq $i $((i + 19999)); i=$((i + 20000)); sleep 0.03; done' | Start-Container | Out-Null
            $next = 1
            Get-ContainerLog bird -Follow -WarningVariable warnings | ForEach-Object {
                if ($_.Text -ne $next) { throw "'$($_.Text)' instead of $next" }
                $next++
            }
            $next | Should -Be 400001
            $warnings | Should -BeNullOrEmpty
            "$((Get-Container bird).LogPath).1" | Should -Exist
        }

        It 'ends with Select-Object -First, and the container goes on' {
            Start-DeafContainer bird | Out-Null
            (Get-ContainerLog bird -Follow | Select-Object -First 1).Text | Should -Be ready
            (Get-Container bird).Status | Should -Be Running
        }

        It 'ends at the time of -Until' {
            Start-DeafContainer bird | Out-Null
            (Get-ContainerLog bird -Follow -Until (Get-Date).AddSeconds(0.5)).Text | Should -Be ready
        }

        It 'breaks off at once with Ctrl-C' {
            Start-DeafContainer bird | Out-Null
            $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Get-ContainerLog bird -Follow")
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $null = $session.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            while ($output.Count -eq 0) { Start-Sleep -Milliseconds 20 }
            (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 2
            $session.Dispose()
        }
    }

    It 'completes names' {
        New-Container -Name bird true | Out-Null
        (TabExpansion2 'Get-ContainerLog b').CompletionMatches.CompletionText | Should -Be bird
    }
}
