BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "New-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'makes a container and starts nothing' {
        $made = New-Container -Name bird sleep 100
        $made.PSTypeNames | Should -Contain MyDocker.ContainerInfo
        $made.Id | Should -MatchExactly '^[0-9a-f]{64}$'
        $made.Status | Should -Be Created
        $made.Pid | Should -BeNullOrEmpty
        Get-StoreProcess | Should -BeNullOrEmpty
        (Get-Container).Id | Should -Be $made.Id
    }

    It 'makes nothing with -WhatIf' {
        New-Container -Name bird -WhatIf sleep 100 | Should -BeNullOrEmpty
        Get-Container | Should -BeNullOrEmpty
    }

    Context 'the name' {
        It 'is made up, readable and valid, when none is given' {
            $names = (1..5 | ForEach-Object { New-Container sleep 100 }).Name
            $names | ForEach-Object { $_ | Should -MatchExactly '^[a-z]+-[a-z]+(-\d+)?$' }
            $names | Sort-Object -Unique | Should -HaveCount 5
        }

        It 'may be <Name>' -ForEach @(
            @{ Name = 'a' }, @{ Name = '7' }, @{ Name = 'a_b.c-d' }, @{ Name = 'B' * 63 }
        ) {
            (New-Container -Name $Name sleep 100).Name | Should -BeExactly $Name
        }

        It 'can''t be <Name>' -ForEach @(
            @{ Name = '' }, @{ Name = ' ' }, @{ Name = '-a' }, @{ Name = '.a' }, @{ Name = '_a' }, @{ Name = 'a b' }, @{ Name = 'a/b' }
            @{ Name = '../../etc' }, @{ Name = '.' }, @{ Name = '..' }, @{ Name = 'ä' }, @{ Name = 'a*' }, @{ Name = "a`n" }, @{ Name = 'a' * 64 }
        ) {
            { New-Container -Name $Name -ErrorAction Stop sleep 100 } | Should -Throw -ErrorId 'InvalidContainerName,*'
            Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -BeNullOrEmpty
        }

        It 'belongs to one container only' {
            New-Container -Name bird sleep 100 | Out-Null
            New-Container -Name bird sleep 200 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerNameInUse,MyDocker.Commands.NewContainerCommand'
            $failures[0].CategoryInfo.Category | Should -Be ResourceExists
            $failures[0].TargetObject | Should -Be bird
            (Get-Container).CommandLine | Should -Be 'sleep 100'
            Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -HaveCount 1
        }
    }

    Context 'the command' {
        It 'is kept as it was given' {
            $arguments = 'two words', '"double"', "it's", '', "line`nbreak", 'Grüße 日本 🐦', '$HOME', '*', '\'
            (New-Container -Command $arguments).Command | Should -BeExactly $arguments
        }

        It 'takes <Line> as a native command would' -ForEach @(
            @{ Line = 'chmod 0755 1.50 1kb 0x10'; Expected = 'chmod', '0755', '1.50', '1kb', '0x10' }
            @{ Line = 'a (1, 2, @(3, "x y")) b'; Expected = 'a', '1', '2', '3', 'x y', 'b' }
            @{ Line = 'a, b c'; Expected = 'a', 'b', 'c' }
            @{ Line = 'a $null "" b'; Expected = 'a', '', 'b' }
            @{ Line = 'a -Name bird b c'; Expected = 'a', 'b', 'c' }
            @{ Line = '-- ls -la --color -1'; Expected = 'ls', '-la', '--color', '-1' }
            @{ Line = '-Command a, b'; Expected = 'a', 'b' }
        ) {
            (Invoke-Expression "New-Container $Line").Command | Should -BeExactly $Expected
        }

        It 'is a shell on the host image when none is given' {
            (New-Container).Command | Should -Be /bin/sh
        }

        It 'has to be given with a folder' {
            { New-Container -RootFileSystem $PSScriptRoot -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        }
    }

    Context 'the root file system' {
        It 'is the host image by default' {
            (New-Container sleep 100).Image | Should -Be host
        }

        It 'may be a folder, relative or on a drive of PowerShell''s' {
            $null = New-Item -ItemType Directory TestDrive:/root
            $path = (Get-Item TestDrive:/root).FullName
            (New-Container -RootFileSystem TestDrive:/root true).Image | Should -Be $path
            Push-Location TestDrive:/
            try { (New-Container -RootFileSystem ./root true).Image | Should -Be $path } finally { Pop-Location }
        }

        It 'is either an image or a folder' {
            { New-Container -Image host -RootFileSystem / true } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }

        It 'is refused with <ErrorId> when it is <Line>' -ForEach @(
            @{ Line = '-Image nest'; ErrorId = 'ImageNotFound'; Category = 'ObjectNotFound'; Target = 'nest' }
            @{ Line = '-RootFileSystem /nowhere'; ErrorId = 'InvalidArgument'; Category = 'InvalidArgument'; Target = '/nowhere' }
            @{ Line = '-RootFileSystem /etc/passwd'; ErrorId = 'InvalidArgument'; Category = 'InvalidArgument'; Target = '/etc/passwd' }
        ) {
            $failure = & ([scriptblock]::Create("New-Container $Line true")) 2>&1
            $failure.FullyQualifiedErrorId | Should -Be "$ErrorId,MyDocker.Commands.NewContainerCommand"
            $failure.CategoryInfo.Category | Should -Be $Category
            $failure.TargetObject | Should -Be $Target
            Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -BeNullOrEmpty
        }
    }

    Context 'sizes, numbers and pairs' {
        It 'takes <Size> as <Bytes> bytes' -ForEach @(
            @{ Size = 16777216; Bytes = 16777216 }, @{ Size = 64MB; Bytes = 64MB }, @{ Size = '64MB'; Bytes = 64MB }, @{ Size = '512m'; Bytes = 512MB }
            @{ Size = '1.5GiB'; Bytes = 1536MB }, @{ Size = '1g'; Bytes = 1GB }, @{ Size = '10000000'; Bytes = 10000000 }
        ) {
            (New-Container -Memory $Size true).Limits.Memory | Should -Be $Bytes
        }

        It 'takes -Environment <Line>' -ForEach @(
            @{ Line = '@{ A = 1; B = "x=y" }' }, @{ Line = 'A=1, B=x=y' }, @{ Line = '([ordered]@{ A = "1"; B = "x=y" })' }
        ) {
            $info = Invoke-Expression "New-Container -Environment $Line true"
            $info.Environment['A'] | Should -Be '1'
            $info.Environment['B'] | Should -Be 'x=y'
        }

        It 'refuses <Line> with InvalidArgument' -ForEach @(
            '-Memory 1000', '-Cpus 0', '-Cpus 100000', '-CpuShares 1', '-CpuSet x', '-PidsLimit 0', '-WorkingDirectory tmp',
            '-Hostname "a b"', '-Volume /tmp', '-Volume /nowhere:/x', '-Volume /tmp:/a/../..', '-Tmpfs /', '-CapabilityAdd FLY',
            '-Environment @{ "A=B" = 1 }', '-User nobodyhere' | ForEach-Object { @{ Line = $_ } }
        ) {
            { Invoke-Expression "New-Container $Line true -ErrorAction Stop" } | Should -Throw -ErrorId 'InvalidArgument,*'
            Get-ChildItem $env:MYDOCKER_ROOT/containers -Force | Should -BeNullOrEmpty
        }

        It 'does not bind <Line>' -ForEach @(
            '-Memory lots', '-Memory -1', '-Environment A', '-Label =x', '-StopTimeoutSeconds -2', '-StopSignal SIGBIRD', '-Network moon' |
                ForEach-Object { @{ Line = $_ } }
        ) {
            { Invoke-Expression "New-Container $Line true" } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        }
    }

    Context 'tab completion' {
        It 'completes "<Text>" with <Expected>' -ForEach @(
            @{ Text = 'New-Container -Image h'; Expected = 'host' }
            @{ Text = 'New-Container -CapabilityAdd net_a'; Expected = 'NET_ADMIN' }
            @{ Text = 'New-Container -Network h'; Expected = 'Host' }
            @{ Text = 'New-Container -StopSignal sigint'; Expected = 'SIGINT' }
        ) {
            (TabExpansion2 $Text).CompletionMatches.CompletionText | Should -Contain $Expected
        }
    }
}
