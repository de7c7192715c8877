# Measures MyDocker beside runc, crun, podman and docker, all in one run and in turns, and prints medians and ratios.
# README.md in this folder says what each row means. As root: pwsh -NoProfile -File bench/Run.ps1 [-Quick] [-Peer runc,podman]
param(
    # Fewer rounds and fewer containers.
    [switch] $Quick,
    # Which peers to run beside.
    [string[]] $Peer = @('runc', 'crun', 'podman', 'docker')
)

$ErrorActionPreference = 'Stop'
$manifest = [System.IO.Path]::GetFullPath("$PSScriptRoot/../MyDocker.psd1")
if (-not (Get-Module MyDocker)) { Import-Module $manifest }
. $PSScriptRoot/Lane.ps1
. $PSScriptRoot/Ours.ps1
. $PSScriptRoot/Stage.ps1
. $PSScriptRoot/Table.ps1

$work = [System.IO.Directory]::CreateTempSubdirectory('mydocker-bench-').FullName
$previousRoot, $previousRun = $env:MYDOCKER_ROOT, $env:MYDOCKER_RUN
$env:MYDOCKER_ROOT, $env:MYDOCKER_RUN = "$work/state", "$work/run"
$lanes = [System.Collections.Generic.List[Lane]]::new()
$rows = [System.Collections.Generic.List[Row]]::new()
$notes = [System.Collections.Generic.List[string]]::new()

# One row: every lane in turn, round by round, so that whatever else the machine does meets all of them alike.
function Measure-Row([string] $What, [int] $Rounds, [scriptblock] $Turn, [Lane[]] $Among = $lanes, [int] $WarmUp = ($Quick ? 1 : 5), [string] $Unit = 'ms') {
    [Console]::Error.WriteLine("… $What")
    $row = [Row]::new($What, $Unit)
    for ($round = -$WarmUp; $round -lt $Rounds; $round++) {
        foreach ($lane in $Among) {
            if ($lane.Failure) { continue }
            try {
                $figure = & $Turn $lane
                if ($round -ge 0) { $row.Add($lane.Name, $figure) }
            }
            catch [System.Management.Automation.PipelineStoppedException] {
                throw
            }
            catch {
                if ($lane -is [OurLane]) { throw }
                # What it left half done would spoil its further rows.
                $lane.Failure = "out of the running in '$What': $_"
                $row.Figures.Remove($lane.Name)
            }
        }
    }

    $rows.Add($row)
}

function Find-Lane([string[]] $Name) { $lanes.Where({ $_.Name -in $Name }) }

# Makes containers of the same names in every lane. Ours come first: their bundles are what the others run.
function New-Contestant([string[]] $Name, [string[]] $Command, [Lane[]] $Among = $lanes) {
    foreach ($one in $Name) {
        foreach ($lane in $Among.Where({ -not $_.Failure })) {
            $null = $lane.Call('make', @($one; Get-Bundle $one $lane.Name; $Command))
        }
    }
}

function Invoke-Each([string] $Function, [string[]] $Name, [Lane[]] $Among = $lanes) {
    foreach ($lane in $Among.Where({ -not $_.Failure })) {
        foreach ($one in $Name) { $null = $lane.Call($Function, $one) }
    }
}

try {
    $rootFileSystem = New-RootFileSystem "$work/rootfs"
    $lanes.Add([OurLane]::new($rootFileSystem, $manifest))
    foreach ($name in $Peer -split ',') {
        if (-not [System.IO.File]::Exists("$PSScriptRoot/peers/$name.sh")) { throw "There is no peer '$name'." }
        $lane = [Lane]::new($name, "$work/$name", $rootFileSystem)
        try {
            $null = $lane.Call('setup', @())
            $lanes.Add($lane)
            $notes.Add("$name`: $($lane.Said)")
        }
        catch {
            $notes.Add("$name`: skipped, $_")
            $lane.Close()
        }
    }

    $notes.Add('runc, crun: no stop with a deadline and nothing that stays beside a container, so no figures in those rows')

    $idle = foreach ($number in 1..50) { "idle-$number" }
    $polite = foreach ($number in 1..20) { "polite-$number" }
    $twenty = if ($Quick) { 5 } else { 20 }
    $keepers = Find-Lane MyDocker, podman, docker

    New-Contestant true /bin/true
    New-Contestant $polite /bin/sh, -c, 'trap "exit 0" TERM; sleep infinity & wait'
    New-Contestant $idle /bin/sleep, infinity

    Measure-Row 'create, start, wait, remove /bin/true' $twenty { param($lane) $lane.Call('cycle', 'true') }
    Measure-Row 'start and wait of an existing one' $twenty { param($lane) $lane.Call('rerun', 'true') }
    Measure-Row 'start, detached' $twenty {
        param($lane)
        $lane.Call('start', 'idle-1')
        $null = $lane.Call('halt', 'idle-1')
    }
    Measure-Row 'stop, SIGTERM handled' ($Quick ? 3 : 10) {
        param($lane)
        $null = $lane.Call('start', 'polite-1')
        Wait-Moment 0.3
        $lane.Call('stop', 'polite-1')
    }
    Measure-Row 'stop, PID 1 without a handler' ($Quick ? 1 : 2) -WarmUp 0 -Among $keepers {
        param($lane)
        $null = $lane.Call('start', 'idle-1')
        Wait-Moment 0.3
        $lane.Call('stop', 'idle-1')
    }
    Measure-Row 'stop of 20 at once, SIGTERM handled' ($Quick ? 1 : 3) -WarmUp 0 {
        param($lane)
        foreach ($name in $polite) { $null = $lane.Call('start', $name) }
        Wait-Moment 0.5
        $lane.Call('stop', $polite)
    }
    Measure-Row '50 starts, one after another' ($Quick ? 1 : 3) -WarmUp 0 {
        param($lane)
        $lane.Call('one_by_one', @('start'; $idle))
        $null = $lane.Call('halt', $idle)
    }
    Measure-Row '50 starts, 8 at a time' ($Quick ? 1 : 3) -WarmUp 0 {
        param($lane)
        $lane.Call('eight_at_a_time', @('start'; $idle))
        $null = $lane.Call('halt', $idle)
    }

    foreach ($count in 1, 10) {
        Invoke-Each start $idle[($count -eq 1 ? 0 : 1)..($count - 1)] $keepers
        Wait-Moment 2
        Measure-Row "idle memory beside $count, each" 1 -WarmUp 0 -Unit KB -Among $keepers {
            param($lane)
            $null = $lane.Call('idle', @())
            $processes, $size = $lane.Said.Split(' ')
            if ($processes -ne $count) { throw "$processes processes beside $count containers" }
            $size / $count
        }
    }

    Invoke-Each halt $idle[0..9] $keepers
    Invoke-Each start idle-1
    Wait-Moment 2
    Measure-Row 'exec of /bin/true in a running container' $twenty { param($lane) $lane.Call('execute', 'idle-1') }
    Measure-Row 'exec of cat, 1,000 lines to it and back' $twenty { param($lane) $lane.Call('echo_lines', 'idle-1') }
    Measure-Row '20 execs, 8 at a time' ($Quick ? 2 : 10) { param($lane) $lane.Call('eight_at_a_time', @('execute') + @('idle-1') * 20) }
    Measure-Row 'memory beside 10 detached execs, each' 1 -WarmUp 0 -Unit KB -Among $keepers {
        param($lane)
        $null = $lane.Call('idle', @())
        $null, $before = $lane.Said.Split(' ')
        foreach ($number in 1..10) { $null = $lane.Call('leave', 'idle-1') }
        Wait-Moment 2
        $null = $lane.Call('idle', @())
        $null, $after = $lane.Said.Split(' ')
        ($after - $before) / 10
    }
    Invoke-Each halt idle-1

    foreach ($lane in $lanes.Where({ -not $_.Failure })) { $null = $lane.Call('forget', @('true'; $polite; $idle)) }
    $shelf = foreach ($number in 1..1000) { "shelf-$number" }
    $made = 0
    # Making more takes the peers minutes, and with runc and crun each one on the list is a process.
    $most = $Quick ? 10 : 100
    $notes.Add("list: peers up to $most only, as making more takes them out of proportion long")
    foreach ($count in 10, 100, 1000) {
        $among = $count -le $most ? $lanes : (Find-Lane MyDocker)
        New-Contestant $shelf[$made..($count - 1)] /bin/true $among
        Invoke-Each enroll $shelf[$made..($count - 1)] $among
        $made = $count
        Measure-Row "list of $count" ($Quick ? 3 : 10) -Among $among { param($lane) $lane.Call('list', @()) }
    }

    $sessions = Measure-Session $manifest ($Quick ? 3 : 10)
    if ($sessions) {
        $row = [Row]::new('module import in a fresh pwsh', 'ms')
        for ($i = 0; $i -lt $sessions.Empty.Count; $i++) { $row.Add('MyDocker', $sessions.WithModule[$i] - $sessions.Empty[$i]) }
        $rows.Add($row)
        $notes.Add("module import: beyond an empty pwsh -NoProfile, which takes $([Row]::Format([Row]::Median($sessions.Empty))) ms")
    }
    else {
        $notes.Add('module import: skipped, there is no pwsh on the PATH')
    }

    Format-Rows $rows @(foreach ($lane in $lanes) { $lane.Name })
    ''
    Get-Machine
    $notes
    foreach ($lane in $lanes.Where({ $_.Failure })) { "$($lane.Name): $($lane.Failure)" }
    ''
    Compare-Goals $rows
}
finally {
    try {
        # Ours last: the others may still be at its bundles.
        for ($i = $lanes.Count - 1; $i -ge 0; $i--) { $lanes[$i].Close() }
    }
    finally {
        [System.IO.Directory]::Delete($work, $true)
    }

    $env:MYDOCKER_ROOT, $env:MYDOCKER_RUN = $previousRoot, $previousRun
}
