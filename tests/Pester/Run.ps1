# Runs the Pester suite and ends with the number of failures: pwsh -NoProfile -File tests/Pester/Run.ps1
# The last line reads "N passed, N failed, N skipped".
param(
    # Test files or folders; all of them by default.
    [string[]] $Path = $PSScriptRoot,

    # The module under test: the checkout's by default, or a packaged one.
    [string] $Module = "$PSScriptRoot/../../MyDocker.psd1",

    # None, Normal, Detailed or Diagnostic.
    [string] $Output = 'Detailed'
)

if (-not (Test-Path $Module)) { throw "There is no module at '$Module'." }
Import-Module Pester -MinimumVersion 5.5
$PSStyle.OutputRendering = 'PlainText'
$env:MYDOCKER_TEST_MODULE = (Resolve-Path $Module).Path

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Output
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

# A file that can't be read, or a store that was not left clean, fails no single test and yet is a failure.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [Math]::Min($failed, 255)
