BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Watch-ContainerEvent$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'raises events for Register-ObjectEvent' {
        $watcher = Watch-ContainerEvent -AsWatcher
        $null = Register-ObjectEvent $watcher ContainerEvent -SourceIdentifier birds
        try {
            New-Container -Name bird -- sh -c 'exit 3' | Start-Container | Wait-Container -Timeout 20 | Remove-Container
            # Not by Wait-Event: of two that come at once it gives the later one first.
            $deadline = [DateTime]::Now.AddSeconds(20)
            while (@(Get-Event birds -ErrorAction Ignore).Count -lt 4 -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
            $seen = Get-Event birds | Sort-Object EventIdentifier
            $seen | Remove-Event
            $seen.SourceEventArgs.Event.Kind | Should -Be Created, Started, Exited, Removed
            $seen.SourceEventArgs.Event.Name | Sort-Object -Unique | Should -Be bird
            $seen[2].SourceEventArgs.Event.ExitCode | Should -Be 3
        }
        finally {
            Unregister-Event birds
            $watcher.Dispose()
        }
    }

    It 'runs an action for each event' {
        $names = [Collections.Generic.List[string]]::new()
        $watcher = Watch-ContainerEvent -Kind Created -AsWatcher
        $job = Register-ObjectEvent $watcher ContainerEvent -MessageData $names -Action { $Event.MessageData.Add($EventArgs.Event.Name) }
        try {
            'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
            $deadline = [DateTime]::Now.AddSeconds(20)
            while ($names.Count -lt 2 -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
            $names | Should -Be bird, fish
        }
        finally {
            Unregister-Event -SourceIdentifier $job.Name
            $watcher.Dispose()
        }
    }

    Context 'as a stream' {
        BeforeAll {
            # Streams in a session beside this one until it has what it is asked for, while this one goes on making events.
            function Watch-Meanwhile([string] $Parameters, [scriptblock] $Happening) {
                $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Watch-ContainerEvent $Parameters")
                $running = $session.BeginInvoke()
                $deadline = [DateTime]::Now.AddSeconds(30)
                while (-not $running.IsCompleted -and [DateTime]::Now -lt $deadline) { . $Happening | Out-Null }
                if (-not $running.IsCompleted) { $session.Stop(); throw 'It did not end.' }
                $session.EndInvoke($running)
                $session.Dispose()
            }
        }

        It 'emits typed objects, only of the kinds and names asked for' {
            $events = Watch-Meanwhile '-Name b* -Kind Exited, Removed -Count 2' {
                'fish', 'bird' | ForEach-Object { New-Container -Name $_ -- sh -c 'exit 4' | Start-Container | Wait-Container -Timeout 20 | Remove-Container }
            }
            $events | Should -HaveCount 2
            $events.Name | Sort-Object -Unique | Should -Be bird
            $events.Kind | ForEach-Object { $_ | Should -BeIn Exited, Removed }
            $events[0] | Should -BeOfType ([MyDocker.ContainerEvent])
        }

        It 'tells a new name with the old one' {
            $script:number = 0
            $events = Watch-Meanwhile '-Kind Renamed -Count 1' {
                New-Container -Name bird sleep 100 | Rename-Container -NewName "robin$number" | Remove-Container
                $script:number++
            }
            $events.OldName | Should -Be bird
            $events.Name | Should -BeLike robin*
        }

        It 'ends at its time-out' {
            $time = Measure-Command { Watch-ContainerEvent -TimeoutSeconds 1 | Should -BeNullOrEmpty }
            $time.TotalSeconds | Should -BeGreaterOrEqual 1
            $time.TotalSeconds | Should -BeLessThan 5
        }

        It 'breaks off at once with Ctrl-C' {
            $session = [PowerShell]::Create().AddScript("Import-Module '$(Get-TestModulePath)'; Watch-ContainerEvent")
            $null = $session.BeginInvoke()
            Start-Sleep 1
            (Measure-Command { $session.Stop() }).TotalSeconds | Should -BeLessThan 2
            $session.Dispose()
        }
    }

    It 'shows a table' {
        $watcher = Watch-ContainerEvent -Kind Exited -AsWatcher
        $null = Register-ObjectEvent $watcher ContainerEvent -SourceIdentifier birds
        try {
            $bird = New-Container -Name bird -- sh -c 'exit 3' | Start-Container | Wait-Container -Timeout 20
            $event = (Wait-Event birds -Timeout 20).SourceEventArgs.Event
            $lines = ($event | Out-String -Width 80) -replace '\e\[[0-9;]*m' -split "`n" | Where-Object { $_.Trim() }
            $lines[0] -split '\s+' | Where-Object { $_ } | Should -Be TIME, EVENT, NAME, ID, DETAILS
            $lines[2] | Should -Match "^\d\d:\d\d:\d\d\.\d{3} Exited\s+bird\s+$($bird.Id.Substring(0, 12)) Exited \(3\)"
            "$event" | Should -Be 'Exited bird'
        }
        finally {
            Unregister-Event birds
            Get-Event birds -ErrorAction Ignore | Remove-Event
            $watcher.Dispose()
        }
    }
}
