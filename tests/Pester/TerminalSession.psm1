# A real pwsh at a real terminal: tmux draws the screen, and takes keys for us. Each session has a tmux server of its own.

# Why there is no terminal to be had, to be shown in a test's name; nothing where there is one.
function Get-TerminalSkipReason { if (-not (Get-Command tmux -CommandType Application -ErrorAction Ignore)) { ' [skipped: needs tmux]' } }

# Starts pwsh with a module loaded, in a window of 100 by 30, and waits for its prompt.
function Start-TerminalSession([string] $ModulePath) {
    $script:server = "mydocker-pester-$PID"
    # A prompt of its own tells an answer from what was typed.
    $setup = "Import-Module '$ModulePath'; Set-PSReadLineOption -PredictionSource None; function prompt { 'PS:' + (Get-History -Count 1).Id + '> ' }"
    tmux -L $server -f /dev/null new-session -d -x 100 -y 30 "POWERSHELL_UPDATECHECK=Off TERM=screen pwsh -NoProfile -NoLogo -NoExit -Command `"$setup`""
    Wait-Screen 'PS:\d*> $'
}

function Stop-TerminalSession { tmux -L $server kill-server 2>&1 | Out-Null }

# Presses keys, called as tmux calls them: C-c, Enter.
function Send-Key([string[]] $Key) { tmux -L $server send-keys @Key }

# Types a line.
function Send-Line([string] $Text) {
    tmux -L $server send-keys -l $Text
    tmux -L $server send-keys Enter
}

# What the screen shows, line by line, without the empty ones at its end.
function Get-Screen { (tmux -L $server capture-pane -p) -join "`n" -replace '\s+$' }

function Get-ScreenLine { (Get-Screen) -split "`n" }

# Waits until the screen matches, and emits it.
function Wait-Screen([string] $Pattern, [int] $TimeoutSeconds = 30) {
    $deadline = [DateTime]::Now.AddSeconds($TimeoutSeconds)
    while (($screen = Get-Screen) + ' ' -cnotmatch "(?m)$Pattern") {
        if ([DateTime]::Now -gt $deadline) { throw "The screen does not show '$Pattern':`n$screen" }
        Start-Sleep -Milliseconds 30
    }
    $screen
}

# Runs a line in the session's pwsh, which sits at its prompt, and emits what it has written.
function Invoke-Line([string] $Line) {
    tmux -L $server clear-history
    Send-Key C-l
    $null = Wait-Screen '\APS:\d*> $'
    Send-Line $Line
    $screen = Wait-Screen '(?s)\APS:\d*> .+\nPS:\d*> $'
    $lines = $screen -split "`n"
    $lines[1..($lines.Count - 2)]
}

# Gives the window another size.
function Resize-Terminal([int] $Columns, [int] $Rows) {
    tmux -L $server resize-window -x $Columns -y $Rows
    # tmux tells the terminal in its own time.
    $terminal = Get-TerminalMode pane_tty
    $deadline = [DateTime]::Now.AddSeconds(20)
    while ((stty -F $terminal size) -ne "$Rows $Columns") {
        if ([DateTime]::Now -gt $deadline) { throw "The terminal did not become $Columns by $Rows." }
        Start-Sleep -Milliseconds 20
    }
}

# Whether the terminal shows its alternate screen, the cursor and so on; see FORMATS in tmux(1).
function Get-TerminalMode([string] $Name) { tmux -L $server display-message -p "#{$Name}" }

Export-ModuleMember -Function *-*
