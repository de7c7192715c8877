BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
    $cmdlets = Get-ChildItem $PSScriptRoot/*-Container.Tests.ps1 | ForEach-Object { $_.Name.Replace('.Tests.ps1', '') }
}

Describe 'The module' {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        $manifestPath = Get-TestModulePath
        Import-Module $manifestPath
        $module = Get-Module MyDocker
    }

    Context 'the manifest' {
        It 'is valid, for PowerShell 7.6 and up, Core only' {
            $manifest = Test-ModuleManifest $manifestPath -ErrorAction Stop
            $manifest.PowerShellVersion | Should -Be ([version]'7.6')
            $manifest.CompatiblePSEditions | Should -Be Core
            $manifest.Description | Should -Not -BeNullOrEmpty
        }

        It 'exports every cmdlet of the assembly and nothing else' {
            $built = $module.ImplementingAssembly ?? (Get-Command Get-Container).ImplementingType.Assembly
            $names = $built.GetExportedTypes() | ForEach-Object {
                $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) | ForEach-Object { "$($_.VerbName)-$($_.NounName)" }
            }
            $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($names | Sort-Object)
            $module.ExportedFunctions.Keys | Should -BeNullOrEmpty
            $module.ExportedVariables.Keys | Should -BeNullOrEmpty
        }

        It 'has a test file for every cmdlet' {
            $module.ExportedCmdlets.Keys | Where-Object { -not (Test-Path $PSScriptRoot/$_.Tests.ps1) } | Should -BeNullOrEmpty
        }

        It 'exports <Alias> as an alias of <Cmdlet>' -ForEach @(
            @{ Alias = 'Run-Container'; Cmdlet = 'Invoke-Container' }
            @{ Alias = 'Exec-Container'; Cmdlet = 'Invoke-ContainerCommand' }
        ) {
            (Get-Alias $Alias).Definition | Should -Be $Cmdlet
        }

        It 'exports no other alias' {
            $module.ExportedAliases.Keys | Sort-Object | Should -Be Exec-Container, Run-Container
        }
    }

    Context 'its import' {
        It 'says nothing, and leaves nothing in the session but its commands' {
            $said = pwsh -NoProfile -NonInteractive -Command "`$before = (Get-Variable).Name; Import-Module '$manifestPath' -Verbose:`$false; (Get-Variable).Name | Where-Object { `$_ -notin `$before -and `$_ -ne 'before' }" 2>&1
            $said | Should -BeNullOrEmpty
        }

        It 'works a second time, and after a removal' {
            $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifestPath'; Import-Module '$manifestPath' -Force; Remove-Module MyDocker; Import-Module '$manifestPath'; (Get-Command Get-Container).Source" 2>&1
            $said | Should -Be MyDocker
        }

        It 'loads by itself from a folder of PSModulePath, when a command is used' {
            $folder = (New-Item -ItemType Directory TestDrive:/modules).FullName
            [IO.Directory]::CreateSymbolicLink("$folder/MyDocker", (Split-Path $manifestPath)) | Out-Null
            $said = pwsh -NoProfile -NonInteractive -Command "`$env:PSModulePath = '$folder'; (Get-Command Stop-Container).Module.Name" 2>&1
            $said | Should -Be MyDocker
        }

        It 'is refused in one sentence by a PowerShell that is too old' {
            # The manifest is what an older PowerShell reads; this one is too old for a copy that asks for the next.
            $copy = "$((New-Item -ItemType Directory TestDrive:/TooNew).FullName)/TooNew.psd1"
            (Get-Content -Raw $manifestPath) -replace "(PowerShellVersion\s*=\s*)'7\.6'", "`$1'99.0'" | Set-Content $copy
            $said = pwsh -NoProfile -NonInteractive -Command "try { Import-Module '$copy' -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
            $said[0] | Should -BeLike 'Modules_InsufficientPowerShellVersion,*'
            $said[1] | Should -BeLike "*requires a minimum PowerShell version of '99.0' to run*"
        }

        It 'is refused in one sentence on anything but Linux' {
            $initializer = (Get-Command Get-Container).ImplementingType.Assembly.GetType('MyDocker.ModuleImport')
            $sentence = $initializer.GetMethod('Refusal', [Reflection.BindingFlags]'NonPublic, Public, Static').Invoke($null, @($false))
            $sentence | Should -MatchExactly '^MyDocker [^.]*Linux[^.]*\.$'
        }
    }

    Context 'help and parameters' {
        It '<_> shows its syntax to Get-Help' -ForEach $cmdlets {
            (Get-Help $_ | Out-String) | Should -Match "(?m)^\s+$_ "
        }

        It '<_> says what it emits' -ForEach ($cmdlets | Where-Object { $_ -notin 'Compare-Container', 'Remove-Container', 'Measure-Container' }) {
            (Get-Command $_).OutputType.Name | Should -Contain MyDocker.ContainerInfo
        }

        It '<_> asks before it changes anything' -ForEach ($cmdlets | Where-Object { $_ -notmatch '^(Compare|Enter|Get|Wait|Measure)-' }) {
            (Get-Command $_).Parameters.Keys | Should -Contain WhatIf
            (Get-Command $_).Parameters.Keys | Should -Contain Confirm
        }

        It '<_> takes -Name, -Id and -InputObject' -ForEach ($cmdlets | Where-Object { $_ -notmatch '^(Enter|Get|New|Invoke)-' }) {
            $parameters = (Get-Command $_).Parameters
            $parameters.Name.Attributes.Where({ $_ -is [Parameter] }).Position | Should -Be 0
            $parameters.Name.Attributes.Where({ $_ -is [Parameter] }).ValueFromPipelineByPropertyName | Should -BeTrue
            $parameters.Name.Attributes.TypeId.Name | Should -Contain SupportsWildcardsAttribute
            $parameters.InputObject.Attributes.Where({ $_ -is [Parameter] }).ValueFromPipeline | Should -BeTrue
            $parameters.Keys | Should -Contain Id
        }
    }
}

Describe "What a container looks like$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $PSStyle.OutputRendering = 'PlainText'
        New-Container -Name bird -- sh -c 'exit 3' | Start-Container | Wait-Container -Timeout 20 | Out-Null
        $fish = New-Container -Name fish -Label kind=tame -Environment A=1 sleep 1000 | Start-Container
    }
    AfterAll { Exit-TestStore }

    It 'is a table with ID, NAME, PID, STATUS, COMMAND and CREATED' {
        $lines = (Get-Container | Out-String -Width 120) -split "`n" | Where-Object { $_.Trim() }
        $lines[0] -split '\s+' | Where-Object { $_ } | Should -Be ID, NAME, PID, STATUS, COMMAND, CREATED
        $lines | Should -HaveCount 4
        $lines[2] | Should -Match '^[0-9a-f]{12} bird\s+Exited \(3\)\s+sh -c ''exit 3''\s+\d{4}-\d\d-\d\d \d\d:\d\d$'
        $lines[3] | Should -Match "^$($fish.Id.Substring(0, 12)) fish\s+$($fish.Pid) Running\s+sleep 1000\s+\d{4}-\d\d-\d\d \d\d:\d\d$"
    }

    It 'fits a narrow terminal' {
        (Get-Container | Out-String -Width 80) -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
    }

    It 'tells all with Format-List' {
        $text = $fish | Format-List | Out-String -Width 200
        foreach ($property in 'Id', 'Name', 'Status', 'Pid', 'Command', 'Image', 'CreatedAt', 'StartedAt', 'ExitCode', 'StopReason', 'Labels', 'LogPath', 'BundlePath') {
            $text | Should -Match "(?m)^$property\s+: "
        }
        $text | Should -Match 'kind'
    }

    It 'has State as another word for Status' {
        $fish.State | Should -Be Running
        ($fish | Select-Object State).State | Should -Be Running
        ($fish | Get-Member State).MemberType | Should -Be AliasProperty
    }

    It 'goes through ConvertTo-Json and back' {
        $copy = $fish | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json
        $copy.Id | Should -Be $fish.Id
        $copy.Status | Should -Be Running
        $copy.Command | Should -Be sleep, 1000
        ($copy | Get-Container).Id | Should -Be $fish.Id
    }
}
