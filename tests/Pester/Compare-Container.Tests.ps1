BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Compare-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $script = 'touch /tmp/x; echo more >> /etc/passwd; rm /etc/hosts; mkdir -p /srv/a; ln -s x /srv/a/link; echo ready; exec sleep 100'
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    It 'tells what a container that runs has changed, in the order of paths' {
        $bird = New-Container -Name bird -- sh -c $script | Start-Container
        Wait-ContainerText $bird ready
        $changes = Compare-Container bird
        $changes | Should -BeOfType MyDocker.ContainerChange
        $changes | ForEach-Object ToString | Should -Be 'C /etc', 'D /etc/hosts', 'C /etc/passwd', 'C /srv', 'A /srv/a', 'A /srv/a/link', 'C /tmp', 'A /tmp/x'
        $changes[-1].Kind, $changes[-1].Path, $changes[-1].ItemType, $changes[-1].Container | Should -Be Added, /tmp/x, File, bird
        $null = Stop-Container bird
        Compare-Container bird | ForEach-Object ToString | Should -Be ($changes | ForEach-Object ToString)
    }

    It 'says nothing of one that was only made, or only started' {
        New-Container -Name bird true | Compare-Container | Should -BeNullOrEmpty
        Start-Container bird | Wait-Container | Compare-Container | Should -BeNullOrEmpty
    }

    It 'takes names, wildcards and ids' {
        'bird', 'bear' | ForEach-Object { New-Container -Name $_ -- touch /tmp/$_ } | Start-Container | Wait-Container | Out-Null
        Compare-Container b* | Where-Object Kind -eq Added | ForEach-Object Path | Sort-Object | Should -Be /tmp/bear, /tmp/bird
        Compare-Container -Id (Get-Container bird).Id.Substring(0, 12) | ForEach-Object Path | Should -Be /tmp, /tmp/bird
    }

    It 'shows a table' {
        New-Container -Name bird -- touch /tmp/x | Start-Container | Wait-Container | Out-Null
        $lines = (Compare-Container bird | Out-String) -split "`n" | ForEach-Object { $_.Trim() -replace '\x1b\[[0-9;]*m' -replace ' +', ' ' }
        $lines | Should -Contain 'KIND PATH'
        $lines | Should -Contain 'Added /tmp/x'
    }

    It 'reports a name that is not there' {
        { Compare-Container nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
