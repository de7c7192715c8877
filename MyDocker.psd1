@{
    RootModule           = 'bin/MyDocker.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5a0e7b53-7c5f-4b0f-9f0e-6a3c1c1b7d52'
    Author               = 'MyDocker'
    CompanyName          = 'MyDocker'
    Copyright            = '(c) MyDocker. All rights reserved.'
    Description          = 'A daemonless container engine for Linux that lives inside PowerShell: containers are objects.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @('bin/MyDocker.Format.ps1xml')
    TypesToProcess       = @('bin/MyDocker.Types.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Compare-Container'
        'Copy-ContainerItem'
        'Enter-Container'
        'Get-Container'
        'Get-ContainerLog'
        'Get-ContainerProcess'
        'Invoke-Container'
        'Invoke-ContainerCommand'
        'Measure-Container'
        'New-Container'
        'Remove-Container'
        'Rename-Container'
        'Restart-Container'
        'Resume-Container'
        'Set-Container'
        'Start-Container'
        'Stop-Container'
        'Suspend-Container'
        'Wait-Container'
        'Watch-ContainerEvent'
    )
    AliasesToExport      = @('Exec-Container', 'Run-Container')
    PrivateData          = @{
        PSData = @{
            Tags = @('container', 'docker', 'linux', 'namespaces', 'cgroup')
        }
    }
}
