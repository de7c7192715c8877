BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Copy-ContainerItem$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        function Get-Change([string] $Name) { Compare-Container $Name | ForEach-Object ToString }
    }
    AfterAll { Exit-TestStore }
    BeforeEach {
        $null = New-Item -ItemType Directory TestDrive:/source/sub, TestDrive:/target
        Set-Content TestDrive:/source/a.txt, TestDrive:/source/b.txt, TestDrive:/source/sub/c.txt 'hello'
        $source = (Get-Item TestDrive:/source).FullName
        $target = (Get-Item TestDrive:/target).FullName
    }
    AfterEach {
        Clear-TestStore
        Remove-Item TestDrive:/source, TestDrive:/target -Recurse -Force
    }

    It 'copies into and out of a container that <State>' -ForEach @(
        @{ State = 'was never started'; Line = 'New-Container -Name bird sleep 100' }
        @{ State = 'runs'; Line = 'New-Container -Name bird sleep 100 | Start-Container' }
        @{ State = 'has ended'; Line = 'New-Container -Name bird true | Start-Container | Wait-Container' }
    ) {
        $null = Invoke-Expression $Line
        chmod 4750 $source/a.txt
        chown 1000:1001 $source/a.txt
        touch -d '2001-02-03 04:05:06.123456789' $source/a.txt
        Copy-ContainerItem $source bird:/srv/new | Should -BeNullOrEmpty
        Copy-ContainerItem bird:/srv/new $target
        stat -c '%a %u %g %y' $target/new/a.txt | Should -Be (stat -c '%a %u %g %y' $source/a.txt)
        diff -r $source $target/new | Should -BeNullOrEmpty
    }

    It 'emits what it has copied with -PassThru' {
        $null = New-Container -Name bird true
        $copied = Copy-ContainerItem $source bird:/srv -PassThru
        $copied | Should -BeOfType MyDocker.CopyResult
        $copied.Path, $copied.Destination, $copied.Items, $copied.Length | Should -Be $source, 'bird:/srv', 5, 18
    }

    It 'takes <What>' -ForEach @(
        @{ What = 'wildcards'; Line = 'Copy-ContainerItem TestDrive:/source/*.txt bird:/srv' }
        @{ What = 'several paths'; Line = 'Copy-ContainerItem TestDrive:/source/a.txt, TestDrive:/source/b.txt bird:/srv' }
        @{ What = 'paths from the pipeline'; Line = "'TestDrive:/source/a.txt', 'TestDrive:/source/b.txt' | Copy-ContainerItem -Destination bird:/srv" }
        @{ What = 'files from the pipeline'; Line = 'Get-ChildItem TestDrive:/source -File | Copy-ContainerItem -Destination bird:/srv' }
        @{ What = 'paths relative to the location'; Line = 'Push-Location TestDrive:/source; try { Copy-ContainerItem ./a.txt, b.txt bird:/srv } finally { Pop-Location }' }
    ) {
        $null = New-Container -Name bird true
        Invoke-Expression $Line
        Get-Change bird | Should -Be 'C /srv', 'A /srv/a.txt', 'A /srv/b.txt'
    }

    It 'takes names that would be wildcards with -LiteralPath, and escaped with -Path' {
        $null = New-Container -Name bird true
        Set-Content -LiteralPath "$source/[a].txt", "$source/[b].txt" 'hello'
        Copy-ContainerItem -LiteralPath "$source/[a].txt" bird:/srv
        Copy-ContainerItem "$source/``[b``].txt" bird:/srv
        Get-Change bird | Should -Be 'C /srv', 'A /srv/[a].txt', 'A /srv/[b].txt'
    }

    It 'copies what is in a folder with "/." and as "."' {
        $null = New-Container -Name bird true
        Copy-ContainerItem $source/. bird:/srv
        Push-Location $source/sub
        try { Copy-ContainerItem . bird:/opt } finally { Pop-Location }
        Get-Change bird | Should -Be 'C /opt', 'A /opt/c.txt', 'C /srv', 'A /srv/a.txt', 'A /srv/b.txt', 'A /srv/sub', 'A /srv/sub/c.txt'
    }

    It 'finds a container by the beginning of its id' {
        $bird = New-Container -Name bird true
        Copy-ContainerItem $source/a.txt "$($bird.Id.Substring(0, 12)):/srv"
        Get-Change bird | Should -Contain 'A /srv/a.txt'
    }

    It 'reports <ErrorId> for <From> to <To>' -ForEach @(
        @{ From = 'bird:/nope'; To = 'TestDrive:/target'; ErrorId = 'ContainerItemNotFound'; Category = 'ObjectNotFound' }
        @{ From = 'TestDrive:/nope'; To = 'bird:/srv'; ErrorId = 'ContainerItemNotFound'; Category = 'ObjectNotFound' }
        @{ From = 'TestDrive:/source/a.txt'; To = 'bird:/nope/'; ErrorId = 'ContainerItemNotFound'; Category = 'ObjectNotFound' }
        @{ From = 'TestDrive:/source'; To = 'bird:/etc/passwd'; ErrorId = 'InvalidArgument'; Category = 'InvalidArgument' }
        @{ From = 'TestDrive:/source'; To = 'TestDrive:/target'; ErrorId = 'InvalidArgument'; Category = 'InvalidArgument' }
        @{ From = 'TestDrive:/source'; To = 'nobody:/srv'; ErrorId = 'ContainerNotFound'; Category = 'ObjectNotFound' }
        @{ From = 'TestDrive:/source/a.txt'; To = 'bird:/usr/'; ErrorId = 'CopyFailed'; Category = 'WriteError' }
    ) {
        $null = New-Container -Name bird true
        Copy-ContainerItem $From $To -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be "$ErrorId,MyDocker.Commands.CopyContainerItemCommand"
        $failures[0].CategoryInfo.Category | Should -Be $Category
        Get-Change bird | Should -BeNullOrEmpty
    }

    It 'goes on with the others after an error' {
        $null = New-Container -Name bird true
        Copy-ContainerItem bird:/nope, bird:/etc/passwd $target -ErrorAction SilentlyContinue
        Get-ChildItem $target | ForEach-Object Name | Should -Be passwd
    }

    It 'copies nothing with -WhatIf' {
        $null = New-Container -Name bird true
        Copy-ContainerItem $source bird:/srv -WhatIf | Should -BeNullOrEmpty
        Get-Change bird | Should -BeNullOrEmpty
    }

    It 'completes containers, what is in them, and files of the host' {
        $null = New-Container -Name bird sleep 100 | Start-Container
        function Complete([string] $Text) { (TabExpansion2 $Text $Text.Length).CompletionMatches.CompletionText }
        Complete 'Copy-ContainerItem bi' | Should -Contain 'bird:/'
        Complete 'Copy-ContainerItem bird:/etc/pass' | Should -Be 'bird:/etc/passwd'
        Complete "Copy-ContainerItem x bird:/et" | Should -Be 'bird:/etc/'
        Complete "Copy-ContainerItem $source/a" | Should -Be "$source/a.txt"
    }
}
