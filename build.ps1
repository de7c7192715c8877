<#
.SYNOPSIS
    Builds, tests, packages or cleans MyDocker.
.DESCRIPTION
    Build    dotnet build of the solution: everything, the native helper included, into bin/, and the help into en-US/.
    Test     dotnet test, then the Pester suite in this PowerShell.
    Package  stages an importable module in out/MyDocker, with only what a user needs.
    Clean    removes bin/, en-US/, artifacts/ and out/.
    Runs in pwsh and, on a machine without one, in the project's own shell:
    dotnet run --project src/MyDocker.Shell -- -File build.ps1 -Task Package
#>
param(
    [ValidateSet('Build', 'Test', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$solution = "$PSScriptRoot/MyDocker.PowerShell.sln"

function Invoke-Native([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "'$Program $Arguments' ended with exit code $LASTEXITCODE." }
}

function Build { Invoke-Native dotnet @('build', $solution, '-c', $Configuration, '-v', 'quiet') }

function Test {
    Invoke-Native dotnet @('test', $solution, '-c', $Configuration)
    Invoke-Native pwsh @('-NoProfile', '-File', "$PSScriptRoot/tests/Pester/Run.ps1")
}

function Package {
    Build
    $stage = "$PSScriptRoot/out/MyDocker"
    if ([IO.Directory]::Exists($stage)) { [IO.Directory]::Delete($stage, $true) }
    # bin/linux-x64 and, built on such a machine, bin/linux-arm64 lie side by side: one module for both.
    foreach ($file in 'bin', 'en-US' | ForEach-Object { [IO.Directory]::GetFiles("$PSScriptRoot/$_", '*', 'AllDirectories') }) {
        if ($file -match '\.(pdb|dbg)$|(?<!-Help)\.xml$') { continue }
        $target = "$stage/" + [IO.Path]::GetRelativePath($PSScriptRoot, $file)
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
        [IO.File]::Copy($file, $target)
    }
    foreach ($name in 'MyDocker.psd1', 'README.md', 'CHANGELOG.md') { [IO.File]::Copy("$PSScriptRoot/$name", "$stage/$name") }
    "Staged in $stage. Import-Module $stage/MyDocker.psd1 loads it; copied into a folder of `$env:PSModulePath, Import-Module MyDocker does."
}

function Clean {
    foreach ($folder in 'bin', 'en-US', 'artifacts', 'out') {
        if ([IO.Directory]::Exists("$PSScriptRoot/$folder")) { [IO.Directory]::Delete("$PSScriptRoot/$folder", $true) }
    }
}

foreach ($name in $Task) { & $name }
