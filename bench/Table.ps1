# The figures of one row, the table, and how they compare with the goals.

class Row {
    [string] $What
    [string] $Unit
    # By lane.
    [hashtable] $Figures = @{}

    Row([string] $what, [string] $unit) { $this.What, $this.Unit = $what, $unit }

    [void] Add([string] $lane, [double] $figure) {
        if (-not $this.Figures.ContainsKey($lane)) { $this.Figures[$lane] = [System.Collections.Generic.List[double]]::new() }
        $this.Figures[$lane].Add($figure)
    }

    [object] MedianOf([string] $lane) {
        return $this.Figures.ContainsKey($lane) ? [Row]::Median($this.Figures[$lane]) : $null
    }

    [object] RatioTo([string] $lane) {
        $ours, $theirs = $this.MedianOf('MyDocker'), $this.MedianOf($lane)
        if ($null -eq $ours -or -not $theirs) { return $null }
        return $ours / $theirs
    }

    static [double] Median([double[]] $figures) {
        $sorted = [double[]]$figures.Clone()
        [Array]::Sort($sorted)
        $middle = [Math]::DivRem($sorted.Length, 2)
        return $middle.Item2 -eq 1 ? $sorted[$middle.Item1] : ($sorted[$middle.Item1 - 1] + $sorted[$middle.Item1]) / 2
    }

    # Three digits are as much as a median of a few rounds is worth.
    static [string] Format([object] $figure) {
        if ($null -eq $figure) { return '-' }
        $decimals = $figure -ge 100 ? 0 : $figure -ge 10 ? 1 : $figure -ge 1 ? 2 : 3
        return $figure.ToString("F$decimals", [cultureinfo]::InvariantCulture)
    }
}

# A Markdown table, aligned so that it reads as it is.
function Format-Rows([Row[]] $Rows, [string[]] $Lanes) {
    $peers = $Lanes | Where-Object { $_ -ne 'MyDocker' }
    $lines = @(, (@('median') + $Lanes + @(foreach ($peer in $peers) { "of $peer" }) + 'rounds'))
    foreach ($row in $Rows) {
        $lines += , (@("$($row.What), $($row.Unit)") +
            @(foreach ($lane in $Lanes) { [Row]::Format($row.MedianOf($lane)) }) +
            @(foreach ($peer in $peers) { [Row]::Format($row.RatioTo($peer)) }) +
            "$($row.Figures['MyDocker'].Count)")
    }

    $widths = foreach ($column in 0..($lines[0].Count - 1)) {
        $width = 0
        foreach ($line in $lines) { $width = [Math]::Max($width, $line[$column].Length) }
        $width
    }
    for ($i = 0; $i -lt $lines.Count; $i++) {
        $cells = foreach ($column in 0..($widths.Count - 1)) {
            $column -eq 0 ? $lines[$i][0].PadRight($widths[0]) : $lines[$i][$column].PadLeft($widths[$column])
        }
        "| $($cells -join ' | ') |"
        if ($i -eq 0) {
            $rules = foreach ($column in 0..($widths.Count - 1)) { $column -eq 0 ? '-' * $widths[0] : ('-' * ($widths[$column] - 1)) + ':' }
            "| $($rules -join ' | ') |"
        }
    }
}

# The goals, each met or missed with its figures; one whose row or peer is missing says so.
function Compare-Goals([Row[]] $Rows) {
    function Find([string] $What, [string] $Lane) { $Rows.Where({ $_.What -eq $What })[0]?.MedianOf($Lane) }
    function Compare([string] $Goal, $Ours, $Theirs, [double] $Share) {
        $verdict = $null -eq $Ours -or $null -eq $Theirs ? 'not measured' : $Ours -le $Theirs * $Share ? 'met' : 'missed'
        "$($verdict.PadRight(12)) $Goal`: $([Row]::Format($Ours)) against $([Row]::Format($Theirs))"
    }

    $start = Find 'start and wait of an existing one' MyDocker
    Compare 'start and wait, at most half of runc run' $start (Find 'start and wait of an existing one' runc) 0.5
    Compare 'start and wait, at most a tenth of podman run' $start (Find 'create, start, wait, remove /bin/true' podman) 0.1
    Compare 'start and wait, as crun run (the aim)' $start (Find 'start and wait of an existing one' crun) 1
    foreach ($stop in @('stop, SIGTERM handled', 'a tenth', 0.1), @('stop, PID 1 without a handler', 'a hundredth', 0.01)) {
        Compare "$($stop[0]), at most $($stop[1]) of podman's" (Find $stop[0] MyDocker) (Find $stop[0] podman) $stop[2]
    }
    $exec = 'exec of /bin/true in a running container'
    foreach ($peer in @('runc', 'half', 0.5), @('podman', 'a tenth', 0.1)) {
        Compare "exec, at most $($peer[1]) of $($peer[0])'s" (Find $exec MyDocker) (Find $exec $peer[0]) $peer[2]
    }
    Compare 'list of 1000, under 500 ms' (Find 'list of 1000' MyDocker) 500.0 1
    Compare "idle memory beside 10, at most 1.5 of conmon's" (Find 'idle memory beside 10, each' MyDocker) (Find 'idle memory beside 10, each' podman) 1.5
}
