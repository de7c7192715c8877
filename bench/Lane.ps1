# A contestant in the bench: MyDocker in this session, or a peer in a process of its own. Call does one thing that its
# functions name and returns how many milliseconds that took; Said is what it had to say beside.

class Lane {
    [string] $Name
    [string] $Said = ''
    # Why it is out of the running; empty while it is in.
    [string] $Failure
    hidden [System.Diagnostics.Process] $process

    Lane([string] $name) { $this.Name = $name }

    # A peer, run by lane.sh. In a session of its own, so that Ctrl-C reaches it through us and it can put things away.
    Lane([string] $name, [string] $state, [string] $rootFileSystem) {
        $this.Name = $name
        $start = [System.Diagnostics.ProcessStartInfo]::new('setsid')
        $arguments = 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'bash', "$PSScriptRoot/lane.sh", $name, $state, $rootFileSystem
        foreach ($argument in $arguments) { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $this.process = [System.Diagnostics.Process]::Start($start)
    }

    [double] Call([string] $function, [string[]] $arguments) {
        $quoted = foreach ($argument in $arguments) { "'" + $argument.Replace("'", "'\''") + "'" }
        $this.process.StandardInput.WriteLine("$function $($quoted -join ' ')")
        $answer = $this.process.StandardOutput.ReadLineAsync()
        # In small waits: between them Ctrl-C is heard.
        while (-not $answer.Wait(100)) { }
        if ($null -eq $answer.Result) { throw "the lane of $($this.Name) has ended" }
        $status, $microseconds, $this.Said = $answer.Result.Split(' ', 3)
        if ($status -ne '0') { throw "$function`: $($this.Said)" }
        return [double]$microseconds / 1000
    }

    [void] Close() {
        # The end of its input is what makes it put everything away.
        try { $this.process.StandardInput.Close() }
        catch [System.IO.IOException] {
            # It has ended before.
        }

        $null = $this.process.WaitForExit(60000)
    }
}
