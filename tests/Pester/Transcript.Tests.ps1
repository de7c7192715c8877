# What a user is to see, from the first command to the crash: issue by issue, what other runtimes got wrong.

BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason -Busybox
    $rootReason = Get-SkipReason
}

Describe "The tutorial's transcript, with busybox$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $busybox = New-BusyboxRoot
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'creates, starts, lists and stops' {
        $started = New-Container -Name bird -RootFileSystem $busybox top | Start-Container
        $started.Status | Should -Be Running

        $listed = Get-Container
        $listed.Name | Should -Be bird
        $listed.Status | Should -Be running
        $listed.Pid | Should -Be $started.Pid

        $process = Get-Process -Id $listed.Pid
        $process.ProcessName | Should -Be top

        (Stop-Container -Name bird).Status | Should -Be stopped

        $listed = Get-Container
        $listed.Status | Should -Be stopped
        $listed.Pid | Should -BeNullOrEmpty
        Test-Alive $started.Pid | Should -BeFalse
    }

    It 'never changes the folder below' {
        $before = Get-ChildItem $busybox -Recurse -Force | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks) $($_.UnixMode)" }
        $output = Invoke-Container -RootFileSystem $busybox -- sh -c 'echo x > /tmp/x; rm -r /etc; mkdir /new; ls /; cat /tmp/x'
        $output | Should -Contain new
        $output | Should -Not -Contain etc
        $after = Get-ChildItem $busybox -Recurse -Force | ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks) $($_.UnixMode)" }
        $after | Should -Be $before
    }

    It 'gives every container a layer of its own, eight at once' {
        # Two containers shared one write layer; 22 of 40 concurrent runs died (the tutorial).
        $all = 1..8 | ForEach-Object { New-Container -RootFileSystem $busybox -- sh -c 'echo $HOSTNAME >> /song; sleep 0.2; cat /song' }
        $ended = $all | Start-Container | Wait-Container -TimeoutSeconds 20
        $ended | Should -HaveCount 8
        foreach ($container in $ended) { Get-ContainerText $container | Should -Be $container.Hostname }
    }

    It 'shows the container its own processes, host name and root only' {
        $output = Invoke-Container -RootFileSystem $busybox -Hostname nest -- sh -c 'ps -o pid,comm | tail -n +2; hostname; ls /'
        $output[0].Trim() | Should -Be '1 sh'
        $output | Should -Contain nest
        $output | Should -Not -Contain home
    }

    It 'runs as a user of the folder''s own /etc/passwd' {
        Invoke-Container -RootFileSystem $busybox -User finch -- sh -c 'id -un; id -u; echo $HOME' | Should -Be finch, 1000, /tmp
    }
}

Describe "Stopping$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'ends ten containers, half of which survive SIGTERM, in one grace period' {
        $names = 1..5 | ForEach-Object { "deaf$_", "polite$_" }
        Start-DeafContainer ($names -like 'deaf*') | Out-Null
        Start-PoliteContainer ($names -like 'polite*') | Out-Null
        $time = Measure-Command { $script:stopped = Get-Container | Where-Object Status -eq running | Stop-Container -TimeoutSeconds 2 }
        $time.TotalSeconds | Should -BeGreaterOrEqual 2
        $time.TotalSeconds | Should -BeLessThan 3.5
        $stopped | Should -HaveCount 10
        $stopped[0..4].Name | Should -BeLike polite*
        ($stopped -match 'polite').StopReason | Sort-Object -Unique | Should -Be Exited
        ($stopped -match 'deaf').StopReason | Sort-Object -Unique | Should -Be Killed
        (Get-Container).Status | Sort-Object -Unique | Should -Be Stopped
    }

    It 'ends sleep infinity in well under a second' {
        # PID 1 drops SIGTERM, stop takes 10 s: podman#298, podman#22671, moby#32310.
        New-Container -Name bird sleep infinity | Start-Container | Out-Null
        $time = Measure-Command { $script:stopped = Stop-Container bird }
        $time.TotalSeconds | Should -BeLessThan 1
        $stopped.StopReason | Should -Be UndeliverableSignal
    }

    It 'ends one that ignores SIGTERM as fast: the kernel would tell it nothing' {
        $bird = New-Container -Name bird -- sh -c 'trap "" TERM; echo ready; while :; do sleep 1; done' | Start-Container
        Wait-ContainerText $bird ready
        $time = Measure-Command { $script:stopped = Stop-Container bird }
        $time.TotalSeconds | Should -BeLessThan 1
        $stopped.StopReason | Should -Be UndeliverableSignal
    }
}

Describe "Arguments$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }

    It 'arrive unchanged' {
        # argv joined and split on spaces (the tutorial).
        $arguments = 'two words', '"double"', "it's", '', "line`nbreak", "tab`t", ' lead and trail ', 'Grüße 日本 🐦', '$HOME', '*', '\', '--', '-x', 'a=b', '%s'
        $command = @('sh', '-c', 'for a; do printf "%s" "$a" | base64 -w0; echo; done', 'name') + $arguments
        $attached = Invoke-Container -Command $command
        $detached = New-Container -Name bird $command | Start-Container | Wait-Container -TimeoutSeconds 20
        foreach ($lines in $attached, (Get-ContainerText $detached)) {
            $lines | ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) } | Should -BeExactly $arguments
        }
        (Get-Container bird).Command | Should -BeExactly $command
    }
}

Describe "After the session$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'a container lives on, and another pwsh reads its exit code' {
        # Cgroup destroyed while the detached container lives; nobody waits, exit code lost: the tutorial, podman#11633, podman#25479.
        $id = Invoke-OtherPwsh "(New-Container -Name bird -- sh -c 'sleep 2; exit 42' | Start-Container).Id"
        (Get-Container bird).Status | Should -Be Running
        (Wait-Container bird -TimeoutSeconds 20).ExitCode | Should -Be 42
        Invoke-OtherPwsh "`$bird = Get-Container bird; `$bird.Id; `$bird.ExitCode; `$bird.Status" | Should -Be $id, 42, Exited
    }

    It 'a killed foreground session leaves the container to its monitor, which removes it at its end' {
        # Foreground client killed: container lives on unmanaged, mount leaks (the tutorial).
        $session = Start-Process pwsh -ArgumentList '-NoProfile', '-Command', "Import-Module '$(Get-TestModulePath)'; Invoke-Container -Name bird sleep 1.5" -PassThru
        $deadline = [DateTime]::Now.AddSeconds(30)
        while ((Get-Container bir[d]).Status -ne 'Running' -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 20 }
        $bird = Get-Container bird
        $session.Kill()
        $session.WaitForExit()
        (Get-Container bird).Pid | Should -Be $bird.Pid
        ($bird | Wait-Container -TimeoutSeconds 20).ExitCode | Should -Be 0
        Get-Container | Should -BeNullOrEmpty
    }
}

Describe "When the monitor is killed$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    BeforeEach {
        $bird = New-Container -Name bird sleep 100 | Start-Container
        $monitor = (Get-StoreProcess $bird.Id).Pid
        kill -KILL $monitor
    }

    It 'the container is still seen, and stopped' {
        (Get-Container bird).Status | Should -Be Running
        $stopped = Stop-Container bird -TimeoutSeconds 1
        $stopped.Status | Should -Be Stopped
        $stopped.Pid | Should -BeNullOrEmpty
        Test-Alive $bird.Pid | Should -BeFalse
    }

    It 'a dead container is never shown as running, can be started again and be removed' {
        # A crashed container stays "running" and can't be removed: the tutorial, moby#34053, moby#10232.
        kill -KILL $bird.Pid
        $ended = Wait-Container bird -TimeoutSeconds 20
        $ended.Status | Should -Be Exited
        $ended.StopReason | Should -Be Lost
        $ended.ExitCode | Should -BeNullOrEmpty
        (Get-Container bird).Status | Should -Be Exited
        (Stop-Container bird -ErrorAction Stop).Status | Should -Be Exited
        (Start-Container bird).Status | Should -Be Running
        Stop-Container bird | Out-Null
        Remove-Container bird -ErrorAction Stop
        Get-Leftover $bird.Id | Should -BeNullOrEmpty
    }

    It 'Remove-Container -Force leaves nothing' {
        Remove-Container bird -Force -ErrorAction Stop
        Test-Alive $bird.Pid | Should -BeFalse
        Get-Leftover $bird.Id | Should -BeNullOrEmpty
    }
}

Describe "State files$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore

        # Rewrites one of a container's files.
        function Edit-State($Container, [string] $File, [scriptblock] $Change) {
            $path = "$($Container.BundlePath)/$File"
            $state = Get-Content -Raw $path | ConvertFrom-Json
            $state | ForEach-Object $Change
            $state | ConvertTo-Json -Depth 10 | Set-Content $path
        }
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'that point at a recycled pid make nobody die' {
        # pid reuse kills a stranger: crun#1200, runc#1934.
        $stranger = Start-Process sleep 30 -PassThru
        try {
            # Both within one clock tick would make them the same to anybody.
            Start-Sleep -Milliseconds 100
            $bird = New-Container -Name bird sleep 100 | Start-Container
            kill -KILL (Get-StoreProcess $bird.Id).Pid
            kill -KILL $bird.Pid
            # The number is the stranger's, the moment of its start was the container's.
            Edit-State $bird state.json { $_.process.pid = $stranger.Id }
            (Get-Container bird).Status | Should -Be Exited
            foreach ($command in { Stop-Container bird }, { Stop-Container bird -Force }, { Remove-Container bird -Force }) {
                & $command | ForEach-Object { $_.Status | Should -Be Exited }
                $stranger.HasExited | Should -BeFalse
            }
        }
        finally { $stranger.Kill() }
    }

    It 'of an earlier boot are believed by nobody' {
        $stranger = Start-Process sleep 30 -PassThru
        try {
            $bird = New-Container -Name bird sleep 100 | Start-Container
            kill -KILL (Get-StoreProcess $bird.Id).Pid
            kill -KILL $bird.Pid
            $start = [long]((Get-Content -Raw "/proc/$($stranger.Id)/stat") -replace '.*\) ', '' -split ' ')[19]
            Edit-State $bird state.json { $_.process.pid = $stranger.Id; $_.process.startTime = $start; $_.process.bootId = [guid]::Empty }
            (Get-Container bird).Status | Should -Be Exited
            Stop-Container bird -Force | Out-Null
            $stranger.HasExited | Should -BeFalse
        }
        finally { $stranger.Kill() }
    }

    It '<File> with <What> is one clear error, and the rest of the list stays' -ForEach @(
        foreach ($file in 'container.json', 'state.json', 'exit.json') {
            @{ File = $file; What = 'nothing in it'; Text = '' }
            @{ File = $file; What = 'half an object'; Text = '{ "schemaVersion": 1, "id": "' }
            @{ File = $file; What = 'null'; Text = 'null' }
            @{ File = $file; What = 'another type'; Text = '[1, 2]' }
            @{ File = $file; What = 'a depth of 10,000'; Text = '[' * 10000 }
            @{ File = $file; What = 'zero bytes'; Text = "`0" * 500 }
        }
    ) {
        # One bad file breaks the list: runc#999. Zero-byte metadata after a power cut: moby#23184, podman#8005.
        $bird = New-Container -Name bird true | Start-Container | Wait-Container -TimeoutSeconds 20
        New-Container -Name fish sleep 100 | Out-Null
        Set-Content "$($bird.BundlePath)/$File" $Text -NoNewline
        $listed = Get-Container -ErrorVariable failures -ErrorAction SilentlyContinue
        $listed.Name | Should -Be fish
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerStateInvalid,MyDocker.Commands.GetContainerCommand'
        $failures[0].CategoryInfo.Category | Should -Be InvalidData
        "$($failures[0])" | Should -BeLike "*$($bird.BundlePath)/$File*"
        (Get-Container fish -ErrorAction Stop).Name | Should -Be fish
    }

    It 'in the way of a name, of a link or of a pipe hold nobody up' {
        $bird = New-Container -Name bird sleep 100
        New-Container -Name fish sleep 100 | Out-Null
        $path = "$($bird.BundlePath)/container.json"
        foreach ($trap in { mkfifo $path }, { ln -s /etc/passwd $path }, { ln -s $path $path }, { mkdir $path }, { }) {
            Remove-Item $path -Recurse -Force -ErrorAction Ignore
            & $trap
            $time = Measure-Command { $script:listed = Get-Container -ErrorVariable failures -ErrorAction SilentlyContinue }
            $time.TotalSeconds | Should -BeLessThan 2
            $listed.Name | Should -Be fish
            $failures.FullyQualifiedErrorId | Should -BeLike 'ContainerStateInvalid,*'
        }
    }

    It 'that say more than we know keep it' {
        $bird = New-Container -Name bird sleep 100
        Edit-State $bird container.json { $_ | Add-Member tomorrow 'kept' }
        (Rename-Container bird robin).Name | Should -Be robin
        (Get-Content -Raw "$($bird.BundlePath)/container.json" | ConvertFrom-Json).tomorrow | Should -Be kept
    }

    It 'that are broken do not keep a container from being removed with -Force' {
        $bird = New-Container -Name bird sleep 100 | Start-Container
        Set-Content "$($bird.BundlePath)/state.json" '{'
        { Remove-Container bird -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerStateInvalid,*'
        Remove-Container bird -Force -ErrorAction Stop
        Test-Alive $bird.Pid | Should -BeFalse
        Get-Leftover $bird.Id | Should -BeNullOrEmpty
    }

    It 'are nobody else''s to read' {
        New-Container -Name bird -Environment @{ SECRET = 'x' } true | Start-Container | Wait-Container -TimeoutSeconds 20 | Out-Null
        $folder = Get-Item (Get-Container bird).BundlePath
        $folder.UnixMode | Should -Be 'drwx------'
        (Get-ChildItem $folder -Filter *.json).UnixMode | Sort-Object -Unique | Should -Be '-rw-------'
    }
}

Describe "Error ids$rootReason" -Skip:([bool]$rootReason) {
    BeforeDiscovery {
        $failing = @(
            @{ ErrorId = 'ContainerNotFound'; Line = 'Stop-Container nobody' }
            @{ ErrorId = 'ContainerNameInUse'; Line = 'New-Container -Name bird true' }
            @{ ErrorId = 'InvalidContainerName'; Line = 'New-Container -Name ../../etc true' }
            @{ ErrorId = 'ContainerNotRunning'; Line = 'Wait-Container bird' }
            @{ ErrorId = 'ContainerRunning'; Line = 'Start-Container bird; Start-Container bird' }
            @{ ErrorId = 'ContainerStartFailed'; Line = 'New-Container -Name fish -CpuSet 4000 true | Start-Container' }
            @{ ErrorId = 'CommandNotFound'; Line = 'New-Container -Name fish nosuchcommand | Start-Container' }
            @{ ErrorId = 'ContainerStateInvalid'; Line = 'Set-Content "$($bird.BundlePath)/container.json" x; Get-Container bird' }
            @{ ErrorId = 'AmbiguousContainerId'; Line = '"0000", "1111" | ForEach-Object { $null = mkdir ("$env:MYDOCKER_ROOT/containers/" + $bird.Id.Substring(0, 60) + $_) }; Get-Container -Id $bird.Id.Substring(0, 8)' }
            @{ ErrorId = 'ImageNotFound'; Line = 'New-Container -Image nest true' }
            @{ ErrorId = 'InvalidArgument'; Line = 'New-Container -Memory 1 true' }
            @{ ErrorId = 'ContainerCommandFailed'; Line = 'Start-Container bird | Invoke-ContainerCommand -WorkingDirectory /nosuch -Command true' }
            @{ ErrorId = 'ContainerItemNotFound'; Line = 'Copy-ContainerItem bird:/nosuch /tmp' }
        )
        # These need a machine of their own making, below, or are tests of their cmdlets; a process in state D can't be made here.
        $elsewhere = 'StateWriteFailed', 'AccessDenied', 'ContainerStopTimeout', 'ContainerSuspendTimeout', 'LimitRefused', 'CopyFailed'
    }
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It '<ErrorId> comes from <Line>, with a sentence for the user' -ForEach $failing {
        $bird = New-Container -Name bird sleep 100
        $failure = { Invoke-Expression "`$ErrorActionPreference = 'Stop'; $Line" } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike "$ErrorId,MyDocker.Commands.*"
        $failure.CategoryInfo.Category | Should -Not -Be NotSpecified
        "$failure" | Should -Match '^.{20,}'
        "$failure" | Should -Not -Match '(?m)^\s+at |Exception'
    }

    It 'are all tested' -ForEach @{ Tested = @($failing.ErrorId) + $elsewhere } {
        [enum]::GetNames([MyDocker.ContainerError]) | Where-Object { $_ -notin $Tested } | Should -BeNullOrEmpty
    }

    It 'AccessDenied tells a user without rights what to do: <Line>' -ForEach @(
        @{ Line = 'New-Container true' }, @{ Line = 'Start-Container bird' }, @{ Line = 'Stop-Container bird' }, @{ Line = 'Remove-Container bird -Force' }
        @{ Line = 'Get-Container' }, @{ Line = 'Rename-Container bird robin' }
    ) {
        # Another process can take another user on; the module and the store have to be in its reach.
        New-Container -Name bird sleep 100 | Out-Null
        $script = "try { Import-Module '$(Get-TestModulePath)'; $Line -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
        $said = setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/tmp pwsh -NoProfile -NonInteractive -Command $script 2>&1
        if ("$said" -match 'was not loaded') { Set-ItResult -Skipped -Because 'the module is in a folder that other users can''t read' }
        $said[0] | Should -BeLike 'AccessDenied,MyDocker.Commands.*'
        $said[1] | Should -BeLike '*sudo*'
    }
}

Describe "A full disk$rootReason" -Skip:([bool]$rootReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $disk = "$(Split-Path $env:MYDOCKER_ROOT)/disk"
        $root = $env:MYDOCKER_ROOT
        $null = New-Item -ItemType Directory $disk
        mount -t tmpfs -o size=2m,mode=755 mydocker-pester $disk
        $env:MYDOCKER_ROOT = "$disk/root"
        $bird, $bear = Start-PoliteContainer bird, bear
        New-Container -Name fish sleep 100 | Out-Null
        dd if=/dev/zero of=$disk/fill bs=1k 2>/dev/null
    }
    AfterAll {
        Remove-Item $disk/fill
        Get-Container | Remove-Container -Force
        umount $disk
        $env:MYDOCKER_ROOT = $root
        Exit-TestStore
    }

    It 'lets nothing half-made stay: <Line>' -ForEach @(
        @{ Line = 'New-Container -Name wren true' }, @{ Line = 'Rename-Container fish wren' }, @{ Line = 'Start-Container fish' }
    ) {
        $failure = { Invoke-Expression "$Line -ErrorAction Stop" } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'StateWriteFailed,MyDocker.Commands.*'
        $failure.CategoryInfo.Category | Should -Be WriteError
        "$failure" | Should -BeLike '*No space left on device*'
        "$failure" | Should -Not -BeLike '*/proc/*'
        (Get-Container fish).Status | Should -Be Created
        Get-Container wre[n] | Should -BeNullOrEmpty
        Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -HaveCount (@(Get-Container).Count)
    }

    It 'keeps no container alive: Stop-Container' {
        $stopped = Stop-Container bird -ErrorAction Stop
        $stopped.ExitCode | Should -Be 7
        Test-Alive $bird.Pid | Should -BeFalse
    }

    It 'keeps no container: Remove-Container -Force' {
        Remove-Container bear -Force -ErrorAction Stop
        Test-Alive $bear.Pid | Should -BeFalse
        Get-Container bea[r] | Should -BeNullOrEmpty
    }
}
