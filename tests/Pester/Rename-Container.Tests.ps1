BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Rename-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'gives <Line> another name' -ForEach @(
        @{ Line = 'New-Container -Name bird sleep 100' }
        @{ Line = 'New-Container -Name bird sleep 100 | Start-Container' }
    ) {
        $bird = Invoke-Expression $Line
        $robin = Rename-Container bird robin
        $robin.Name | Should -Be robin
        $robin.Id | Should -Be $bird.Id
        $robin.Status | Should -Be $bird.Status
        (Get-Container).Name | Should -Be robin
        { Get-Container bird -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        (New-Container -Name bird sleep 100).Name | Should -Be bird
    }

    It 'takes the container from the pipeline, and by id' {
        New-Container -Name bird sleep 100 | Rename-Container -NewName robin | ForEach-Object Name | Should -Be robin
        (Rename-Container -Id (Get-Container).Id.Substring(0, 12) -NewName wren).Name | Should -Be wren
    }

    It 'stops a renamed one by its new name' {
        New-Container -Name bird sleep 100 | Start-Container | Rename-Container -NewName robin | Out-Null
        (Stop-Container robin).Status | Should -Be Stopped
    }

    It 'refuses <ErrorId> for the new name "<NewName>", and keeps the old one' -ForEach @(
        @{ NewName = 'fish'; ErrorId = 'ContainerNameInUse'; Category = 'ResourceExists' }
        @{ NewName = '../x'; ErrorId = 'InvalidContainerName'; Category = 'InvalidArgument' }
        @{ NewName = '-x'; ErrorId = 'InvalidContainerName'; Category = 'InvalidArgument' }
    ) {
        'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
        Rename-Container bird $NewName -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be "$ErrorId,MyDocker.Commands.RenameContainerCommand"
        $failures[0].CategoryInfo.Category | Should -Be $Category
        $failures[0].TargetObject | Should -Be $NewName
        (Get-Container).Name | Should -Be bird, fish
    }

    It 'reports a name that is not there' {
        { Rename-Container nobody robin -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }

    It 'accepts the name it has' {
        New-Container -Name bird sleep 100 | Out-Null
        (Rename-Container bird bird -ErrorAction Stop).Name | Should -Be bird
    }

    It 'renames nothing with -WhatIf' {
        New-Container -Name bird sleep 100 | Rename-Container -NewName robin -WhatIf | Should -BeNullOrEmpty
        (Get-Container).Name | Should -Be bird
    }
}
