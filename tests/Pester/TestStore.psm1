# A store of its own for every test file, and the proof that nothing of it stays on the machine.

$modulePath = $env:MYDOCKER_TEST_MODULE ? $env:MYDOCKER_TEST_MODULE : (Resolve-Path "$PSScriptRoot/../../MyDocker.psd1").Path
$busybox = '/bin/busybox'

# The manifest of the module under test.
function Get-TestModulePath { $modulePath }

# Why containers can't be tested here, to be shown in a test's name; nothing where they can.
function Get-SkipReason([switch] $Busybox) {
    if ((id -u) -ne '0') { return ' [skipped: needs root]' }
    if ($Busybox -and -not (Test-Path $script:busybox)) { return ' [skipped: needs busybox-static]' }
}

# Makes a fresh store, points the environment at it and loads the module.
function Enter-TestStore {
    $script:folder = [IO.Directory]::CreateTempSubdirectory('mydocker-pester-').FullName
    $env:MYDOCKER_ROOT = "$folder/root"
    $env:MYDOCKER_RUN = "$folder/run"
    # Every container's id goes by as a folder's name: at the end their control groups have to be gone.
    $containers = [IO.Directory]::CreateDirectory("$env:MYDOCKER_ROOT/containers", 'UserRead, UserWrite, UserExecute')
    $script:watcher = [IO.FileSystemWatcher]::new($containers.FullName)
    Register-ObjectEvent $watcher Renamed -SourceIdentifier $folder
    $watcher.EnableRaisingEvents = $true
    Import-Module $modulePath -Global
}

# Removes the store and fails if any container has left something behind.
function Exit-TestStore {
    Clear-TestStore
    $ids = @(Get-Event -SourceIdentifier $folder -ErrorAction Ignore | ForEach-Object { $_.SourceEventArgs.Name })
    $watcher.Dispose()
    Unregister-Event -SourceIdentifier $folder
    Get-Event -SourceIdentifier $folder -ErrorAction Ignore | Remove-Event

    # A monitor ends a moment after it has written its last word.
    $deadline = [DateTime]::Now.AddSeconds(3)
    while (($left = @(Get-Leftover $ids)) -and [DateTime]::Now -lt $deadline) { Start-Sleep -Milliseconds 50 }
    Remove-Item Env:MYDOCKER_ROOT, Env:MYDOCKER_RUN
    rm -rf $folder
    if ($left) { throw "Left behind by $($ids.Count) containers:`n$($left -join "`n")" }
}

# Removes every container, so that no test sees another's.
function Clear-TestStore {
    Get-Container -ErrorAction SilentlyContinue | Remove-Container -Force
    # What a test broke so that nobody can read it any more.
    rm -rf $env:MYDOCKER_ROOT/containers/* $env:MYDOCKER_ROOT/names/*
}

# What the containers of this store still hold: control groups, mounts, processes, folders.
function Get-Leftover([string[]] $Id) {
    $Id | ForEach-Object { Get-Item "/sys/fs/cgroup/mydocker/$_", "/sys/fs/cgroup/*/mydocker/$_" -ErrorAction Ignore } | ForEach-Object FullName
    Select-String -LiteralPath /proc/self/mountinfo -SimpleMatch $folder | ForEach-Object { "mount: $($_.Line)" }
    Get-StoreProcess | ForEach-Object { "process $($_.Pid): $($_.CommandLine)" }
    Get-ChildItem $env:MYDOCKER_ROOT/containers, $env:MYDOCKER_ROOT/names, $env:MYDOCKER_ROOT/removed -Force -ErrorAction Ignore | ForEach-Object FullName
}

# The helpers at work for this store: its root is one of a monitor's arguments.
function Get-StoreProcess([string] $Id = '') {
    foreach ($process in [IO.Directory]::GetDirectories('/proc')) {
        try { $line = [IO.File]::ReadAllText("$process/cmdline") } catch { continue }
        if ($line.Contains($folder) -and $line.Contains($Id)) {
            [pscustomobject]@{ Pid = [int](Split-Path $process -Leaf); CommandLine = $line.Replace("`0", ' ') }
        }
    }
}

# Whether a process runs; one that has ended and waits to be reaped does not.
function Test-Alive([int] $ProcessId) {
    try { ([IO.File]::ReadAllText("/proc/$ProcessId/stat") -replace '.*\) ')[0] -notin 'Z', 'X' } catch { $false }
}

# A folder with busybox and all its applets, to be used as -RootFileSystem.
function New-BusyboxRoot {
    $root = "$folder/busybox"
    if (-not (Test-Path $root)) {
        $null = New-Item -ItemType Directory $root/bin, $root/etc, $root/root, $root/tmp
        Copy-Item $busybox $root/bin/busybox
        & $busybox --list | Where-Object { $_ -ne 'busybox' } | ForEach-Object { [IO.File]::CreateSymbolicLink("$root/bin/$_", 'busybox') } | Out-Null
        Set-Content $root/etc/passwd 'root:x:0:0:root:/root:/bin/sh', 'finch:x:1000:1000::/tmp:/bin/sh'
        Set-Content $root/etc/group 'root:x:0:', 'finch:x:1000:'
    }
    $root
}

# Waits until a container has said something: that it has set its signal handler, for instance.
function Wait-ContainerText($Container, [string] $Text) {
    $deadline = [DateTime]::Now.AddSeconds(20)
    while (-not (Select-String -LiteralPath $Container.LogPath -SimpleMatch $Text -Quiet -ErrorAction Ignore)) {
        if ([DateTime]::Now -gt $deadline) { throw "Container $($Container.Name) did not say '$Text'." }
        Start-Sleep -Milliseconds 10
    }
}

# The lines a container has written, without their times and streams.
function Get-ContainerText($Container) {
    $pending = ''
    foreach ($line in Get-Content $Container.LogPath) {
        $null, $null, $tag, $text = $line -split ' ', 4
        $pending += $text
        # P: the line goes on in the next one.
        if ($tag -eq 'F') { $pending; $pending = '' }
    }
}

# Starts another PowerShell with the module loaded; emits what it writes, errors as their ids. Its exit code is in $LASTEXITCODE.
function Invoke-OtherPwsh([string] $Script) {
    pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; Import-Module '$modulePath'; $Script"
}

# A program that is told to stop and goes on: a handler that does nothing.
$deafScript = 'trap : TERM; echo ready; while :; do sleep 0.1; done'
# One that ends when it is told to, with an exit code of its own.
$politeScript = 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done'

# Starts a container whose signal handler is in place: before that the kernel would discard the signal.
function Start-DeafContainer([string[]] $Name) { Start-ScriptContainer $Name $deafScript }
function Start-PoliteContainer([string[]] $Name) { Start-ScriptContainer $Name $politeScript }

function Start-ScriptContainer([string[]] $Name, [string] $Script) {
    $started = foreach ($one in $Name) { New-Container -Name $one -- sh -c $Script | Start-Container }
    $started | ForEach-Object { Wait-ContainerText $_ ready }
    $started
}

Export-ModuleMember -Function *-*
