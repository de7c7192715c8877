# Runs the Pester suite, and exits with the number of failures: pwsh -NoProfile -File tests/Pester/Run.ps1
# The last line reads "N passed, N failed, N skipped".
[CmdletBinding(PositionalBinding = $false)]
param(
    # The module under test: the checkout's by default, or a packaged one.
    [string] $Module = "$PSScriptRoot/../../MyDocker.psd1",

    # None, Normal, Detailed or Diagnostic.
    [string] $Output = 'Detailed',

    # Test files or folders; all of them by default.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Path = $PSScriptRoot
)

$PSStyle.OutputRendering = 'PlainText'
Import-Module Pester -MinimumVersion 5.5 -ErrorAction Stop
$env:MYDOCKER_TEST_MODULE = (Resolve-Path $Module -ErrorAction Stop).Path

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Output
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration
if (-not $result) { exit 1 }

# A file that can't be read, or a store that was not left clean, fails no single test and yet is a failure.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [Math]::Min($failed, 255)
