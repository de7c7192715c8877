BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    Import-Module $PSScriptRoot/TerminalSession.psm1
    $reason = Get-SkipReason -Busybox
    $terminalReason = $reason ? $reason : (Get-TerminalSkipReason)
}

Describe "Enter-Container at a terminal$terminalReason" -Skip:([bool]$terminalReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Import-Module $PSScriptRoot/TerminalSession.psm1
        Enter-TestStore
        $busybox = New-BusyboxRoot

        # Enters the container and waits for its shell's prompt.
        function Enter-Bird([string] $Arguments = '') {
            Send-Line "Enter-Container bird $Arguments"
            $null = Wait-Screen '/ # $'
        }

        # The helpers that execute commands in containers of this store.
        function Get-ExecHelper { Get-StoreProcess | Where-Object CommandLine -Match '^mydocker-runtime exec ' }

        # Waits until a process in the container is called so, and emits its number on the host.
        function Wait-Process([string] $CommandLine, [switch] $Gone) {
            $deadline = [DateTime]::Now.AddSeconds(20)
            do {
                $found = Get-Process | Where-Object { $_.CommandLine -eq $CommandLine -and (Test-Alive $_.Id) } | Select-Object -First 1 -ExpandProperty Id
                if ([bool]$found -ne $Gone) { return $found }
                Start-Sleep -Milliseconds 30
            } while ([DateTime]::Now -lt $deadline)
            throw "'$CommandLine' was to $(if ($Gone) { 'end' } else { 'run' })."
        }

        # The session is at its prompt, the terminal as it was, and what is typed is shown.
        function Confirm-Sane {
            $null = Wait-Screen 'PS:\d+> $'
            Get-TerminalMode alternate_on | Should -Be 0
            Get-TerminalMode cursor_flag | Should -Be 1
            Get-TerminalMode mouse_any_flag | Should -Be 0
            Invoke-Line 'stty -a' | Should -Be $settings
            Invoke-Line '"an" + "swer"' | Should -Be answer
        }
    }
    BeforeEach {
        $bird = New-Container -Name bird -RootFileSystem $busybox sleep 1000 | Start-Container
        $null = Start-TerminalSession (Get-TestModulePath)
        $settings = Invoke-Line 'stty -a'
    }
    AfterEach {
        Stop-TerminalSession
        Clear-TestStore
    }
    AfterAll { Exit-TestStore }

    It 'is a shell at a terminal of the container''s own; its exit code and the container come out' {
        Enter-Bird
        Send-Line 'tty; stty size; hostname'
        $null = Wait-Screen "/dev/pts/0\n30 100\n$($bird.Hostname)\n/ # "
        Send-Line 'exit 5'
        $null = Wait-Screen 'bird .*Running'
        Invoke-Line '$LASTEXITCODE' | Should -Be 5
        Confirm-Sane
    }

    It 'draws a full-screen program, redraws it in another size, and leaves everything as it was' -ForEach @(
        @{ Program = 'top'; Drawn = '(?s)Mem: .*PID.*sleep 1000'; Quit = 'q' }
        @{ Program = 'vi /etc/passwd'; Drawn = '(?s)\Aroot:x:0.*\n~\n.*/etc/passwd 1/2'; Quit = ':q!' }
    ) {
        Enter-Bird
        Send-Line $Program
        $null = Wait-Screen $Drawn
        Resize-Terminal 70 20
        Send-Key C-l
        $null = Wait-Screen $Drawn
        (Get-ScreenLine).Count | Should -BeLessOrEqual 20
        if ($Program -like 'vi*') {
            # Its last line is the window's last.
            $null = Wait-Screen '(?s)\A(.*\n){19}.*/etc/passwd'
        }
        if ($Quit.Length -gt 1) { Send-Line $Quit } else { Send-Key $Quit }
        $null = Wait-Screen '/ # $'
        Send-Line 'clear; stty size'
        $null = Wait-Screen '20 70'
        Resize-Terminal 100 30
        Send-Line 'exit'
        Confirm-Sane
        Invoke-Line '[Console]::WindowWidth' | Should -Be 100
    }

    It 'passes Ctrl-C, Ctrl-Z and Ctrl-D on' {
        Enter-Bird
        Send-Line 'sleep 901'
        $null = Wait-Process 'sleep 901'
        Send-Key C-c
        Send-Line 'echo interrupted $?'
        $null = Wait-Screen 'interrupted 130'
        Send-Line 'sleep 902'
        $null = Wait-Process 'sleep 902'
        Send-Key C-z
        Send-Line 'jobs'
        $null = Wait-Screen 'Stopped +sleep 902'
        Send-Key C-d
        $null = Wait-Screen 'stopped jobs'
        Send-Line 'exit'
        Confirm-Sane
    }

    It 'shows colours and takes keys beyond ASCII' {
        Enter-Bird
        Send-Line 'printf "\033[31mred\033[0m %s\n" grün日'
        $null = Wait-Screen '^red grün日'
        Send-Line 'exit'
        Confirm-Sane
    }

    It 'gives the terminal back when <What>' -ForEach @(
        @{ What = 'its helper is killed'; Kill = { kill -9 (Get-ExecHelper).Pid }; Said = 'The helper of the command in container ''bird'' was' }
        @{ What = 'the shell is killed'; Kill = { kill -9 (Wait-Process '/bin/sh') }; Said = 'bird .*Running' }
        @{ What = 'the container is stopped'; Kill = { Stop-Container bird -Force }; Said = 'bird .*Stop' }
        @{ What = 'the container is removed'; Kill = { Remove-Container bird -Force }; Said = 'bird' }
    ) {
        foreach ($program in 'vi /etc/passwd', 'printf "\033[?1049h\033[?1000h\033[?25l\033[?2004hdrawn"; stty raw -echo; sleep 903') {
            $null = Get-Container bir[d] | Where-Object Status -NE Running | Start-Container
            if (-not (Get-Container bir[d])) { $null = New-Container -Name bird -RootFileSystem $busybox sleep 1000 | Start-Container }
            Enter-Bird
            Send-Line $program
            $null = Wait-Screen '1/2|drawn ?$'
            Get-TerminalMode alternate_on | Should -Be 1
            & $Kill
            $null = Wait-Screen $Said
            Confirm-Sane
        }
    }

    It 'gives the terminal back when the session is told to end' {
        Send-Line "pwsh -NoProfile -Command `"Import-Module '$(Get-TestModulePath)'; Enter-Container bird vi /etc/passwd`""
        $null = Wait-Screen '1/2'
        kill -TERM (Get-Process pwsh | Where-Object CommandLine -Match 'Enter-Container bird vi').Id
        Confirm-Sane
        Wait-Process 'vi /etc/passwd' -Gone
    }

    It 'leaves the shell running after ctrl-p ctrl-q' {
        Enter-Bird
        Send-Line 'sleep 904'
        $null = Wait-Process 'sleep 904'
        Send-Key C-p, C-q
        Confirm-Sane
        Test-Alive (Wait-Process 'sleep 904') | Should -BeTrue
        Test-Alive (Wait-Process '/bin/sh') | Should -BeTrue
    }

    It 'takes other detach keys, or none' {
        Enter-Bird '-DetachKeys "ctrl-x,d"'
        Send-Key C-x
        Send-Line 'echo typed'
        $null = Wait-Screen '^typed'
        Send-Key C-x, d
        Confirm-Sane
        Wait-Process '/bin/sh' | Should -BeGreaterThan 0
        Invoke-Line 'Enter-Container bird -DetachKeys nonsense 2>&1 | ForEach-Object FullyQualifiedErrorId' |
            Should -Be 'InvalidArgument,MyDocker.Commands.EnterContainerCommand'
    }

    It 'runs another command, with another user, environment and folder' {
        Invoke-Line 'Enter-Container bird tty | Out-Null' | Should -Be /dev/pts/0
        Send-Line '$command = "sh", "-c", "id -u; pwd; echo `$A`$HOME`$TERM; exit 4"'
        Invoke-Line '$null = Enter-Container bird $command -User finch -Env A=1 -WorkingDirectory /etc' |
            Should -Be 1000, /etc, '1/tmpxterm'
        Invoke-Line '$LASTEXITCODE' | Should -Be 4
    }

    It 'says what is wrong and touches no terminal' {
        Invoke-Line 'Enter-Container bird nosuch 2>&1 | ForEach-Object FullyQualifiedErrorId' | Should -Be 'CommandNotFound,MyDocker.Commands.EnterContainerCommand'
        $null = Stop-Container bird
        Invoke-Line 'Enter-Container bird 2>&1 | ForEach-Object FullyQualifiedErrorId' | Should -Be 'ContainerNotRunning,MyDocker.Commands.EnterContainerCommand'
        Confirm-Sane
    }
}

Describe "Attaching at a terminal$terminalReason" -Skip:([bool]$terminalReason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Import-Module $PSScriptRoot/TerminalSession.psm1
        Enter-TestStore
        $busybox = New-BusyboxRoot
    }
    BeforeEach {
        $null = New-Container -Name desk -RootFileSystem $busybox -Terminal sh
        $null = Start-TerminalSession (Get-TestModulePath)
        $settings = Invoke-Line 'stty -a'
    }
    AfterEach {
        Stop-TerminalSession
        Clear-TestStore
    }
    AfterAll { Exit-TestStore }

    It 'Start-Container -Attach is the main process at your terminal, to its end' {
        Send-Line 'Start-Container desk -Attach'
        $null = Wait-Screen '/ # $'
        Send-Line 'stty size; echo $$; exit 7'
        $null = Wait-Screen "30 100\n1\n(?s).*Exited \(7\).*PS:\d+> $"
        Invoke-Line '$LASTEXITCODE' | Should -Be 7
        Invoke-Line 'stty -a' | Should -Be $settings
    }

    It 'ctrl-p ctrl-q leave it running, Enter-Container -Attach comes back to it, and another sees what you type' {
        Send-Line 'Start-Container desk -Attach'
        $null = Wait-Screen '/ # $'
        Send-Line 'here=nest'
        Send-Key C-p, C-q
        $null = Wait-Screen 'Running.*\n+PS:\d+> $'
        (Get-Container desk).Status | Should -Be Running

        Send-Line 'Enter-Container desk -Attach'
        Start-Sleep -Milliseconds 300
        # Another watcher, without a terminal of its own.
        $module = Get-TestModulePath
        $other = Start-ThreadJob { Import-Module $using:module; Enter-Container desk -Attach | Where-Object { $_ -is [string] } }
        Start-Sleep -Milliseconds 700
        Send-Line 'echo $here; exit 3'
        $null = Wait-Screen 'nest\n(?s).*Exited \(3\)'
        $other | Receive-Job -Wait -AutoRemoveJob | Should -Contain nest
        Invoke-Line 'stty -a' | Should -Be $settings
    }

    It 'is put back when the monitor is killed' {
        Send-Line 'Start-Container desk -Attach'
        $null = Wait-Screen '/ # $'
        $monitor = (Get-StoreProcess | Where-Object CommandLine -Match ' monitor ').Pid
        kill -9 $monitor
        $null = Wait-Screen 'PS:\d+> $'
        Invoke-Line 'stty -a' | Should -Be $settings
    }

    It 'Invoke-Container -Terminal is a container of its own at your terminal' {
        Send-Line "Invoke-Container -Name hut -RootFileSystem $busybox -Terminal sh"
        $null = Wait-Screen '/ # $'
        Send-Line 'tty; exit 6'
        $null = Wait-Screen '/dev/(console|pts/0)\n(?s).*PS:\d+> $'
        Invoke-Line '$LASTEXITCODE' | Should -Be 6
        Get-Container hut -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }
}

Describe "Enter-Container without a terminal$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $busybox = New-BusyboxRoot
    }
    AfterAll { Exit-TestStore }
    BeforeEach { $bird = New-Container -Name bird -RootFileSystem $busybox sleep 1000 | Start-Container }
    AfterEach { Clear-TestStore }

    It 'gives the pipeline to the shell' {
        $out = 'hostname', 'tty', 'exit 6' | Enter-Container bird
        $out[0] | Should -Be $bird.Hostname
        $out[1] | Should -Be 'not a tty'
        $out[2].Id | Should -Be $bird.Id
        $LASTEXITCODE | Should -Be 6
    }

    It 'gives standard input to the shell' {
        $script = "$env:MYDOCKER_ROOT/script"
        Set-Content $script 'hostname', 'exit 6'
        $command = "Import-Module '$(Get-TestModulePath)'; Enter-Container bird | ForEach-Object { `$_ -is [string] ? `$_ : `$_.Name }; `$LASTEXITCODE"
        sh -c 'exec pwsh -NoProfile -Command "$1" < "$2"' sh $command $script | Where-Object { $_ } | Should -Be $bird.Hostname, bird, 6
    }

    It 'takes one container, by id or from the pipeline' {
        (Enter-Container -Id $bird.Id.Substring(0, 8) true).Name | Should -Be bird
        ($bird | Enter-Container -Command true).Name | Should -Be bird
        $null = New-Container -Name robin -RootFileSystem $busybox sleep 1000
        (Enter-Container * true).Name | Should -Be bird -Because 'a wildcard means what runs'
        { Enter-Container robin -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        { Enter-Container nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $null = Start-Container robin
        { Enter-Container * -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
