BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
}

Describe "Get-Container$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
    }
    AfterAll { Exit-TestStore }
    AfterEach { Clear-TestStore }

    Context 'an empty store' {
        It 'emits nothing and says nothing' {
            Get-Container -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'makes nothing when the store has never been used' {
            $root = $env:MYDOCKER_ROOT
            try {
                $env:MYDOCKER_ROOT = "$root-unused"
                Get-Container -ErrorAction Stop | Should -BeNullOrEmpty
                "$root-unused" | Should -Not -Exist
            }
            finally { $env:MYDOCKER_ROOT = $root }
        }
    }

    Context 'which containers' {
        BeforeEach {
            $bird = New-Container -Name bird -Label @{ kind = 'wild'; zoo = '' } sleep 100
            $bear = New-Container -Name bear -Label kind=tame sleep 200
            $fish = New-Container -Name fish sleep 300
        }

        It 'lists all in the order of creation' {
            (Get-Container).Name | Should -Be bird, bear, fish
        }

        It 'finds <Expected> with <Line>' -ForEach @(
            @{ Line = 'bear'; Expected = 'bear' }
            @{ Line = 'fish, bird'; Expected = 'fish', 'bird' }
            @{ Line = 'b*'; Expected = 'bird', 'bear' }
            @{ Line = 'B*'; Expected = 'bird', 'bear' }
            @{ Line = '?i[rs]*'; Expected = 'bird', 'fish' }
            @{ Line = '-Name * -Label kind'; Expected = 'bird', 'bear' }
            @{ Line = '-Label kind=wild'; Expected = 'bird' }
            @{ Line = '-Label kind, zoo'; Expected = 'bird' }
            @{ Line = '-Image h*'; Expected = 'bird', 'bear', 'fish' }
            @{ Line = '-Image other'; Expected = @() }
            @{ Line = '-Status created'; Expected = 'bird', 'bear', 'fish' }
            @{ Line = '-State running, exited'; Expected = @() }
        ) {
            @(Invoke-Expression "Get-Container $Line -ErrorAction Stop").Name | Should -Be $Expected
        }

        It 'takes names from the pipeline, as text and as property' {
            ('fish', 'bird' | Get-Container).Name | Should -Be fish, bird
            ([pscustomobject]@{ Name = 'bear' } | Get-Container).Id | Should -Be $bear.Id
        }

        It 'takes the beginning of an id' {
            (Get-Container -Id $bear.Id.Substring(0, 12)).Name | Should -Be bear
            (Get-Container -Id $fish.Id.ToUpper(), $bird.Id).Name | Should -Be fish, bird
        }

        It 'takes a whole id as name, as docker does' {
            (Get-Container $bear.Id).Name | Should -Be bear
        }

        It 'says nothing about a wildcard that matches nothing' {
            Get-Container x* -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'reports a literal name that is not there, and goes on' {
            $found = Get-Container bird, nobody, fish -ErrorVariable failures -ErrorAction SilentlyContinue
            $found.Name | Should -Be bird, fish
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'ContainerNotFound,MyDocker.Commands.GetContainerCommand'
            $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
            $failures[0].TargetObject | Should -Be nobody
            "$($failures[0])" | Should -Be "There is no container 'nobody'. Get-Container lists those there are."
        }

        It 'refuses <Text> with <ErrorId>' -ForEach @(
            @{ Text = 'abc'; ErrorId = 'InvalidArgument' }
            @{ Text = 'zzzz'; ErrorId = 'ContainerNotFound' }
            @{ Text = '../..'; ErrorId = 'ContainerNotFound' }
        ) {
            { Get-Container -Id $Text -ErrorAction Stop } | Should -Throw -ErrorId "$ErrorId,*"
        }

        It 'refuses the beginning of two ids' {
            $twin = $bear.Id.Substring(0, 60) + ($bear.Id.EndsWith('0000') ? '1111' : '0000')
            $copy = New-Item -ItemType Directory $env:MYDOCKER_ROOT/containers/$twin
            (Get-Content -Raw "$($bear.BundlePath)/container.json").Replace($bear.Id, $twin).Replace('bear', 'boar') | Set-Content $copy/container.json
            { Get-Container -Id $bear.Id.Substring(0, 12) -ErrorAction Stop } | Should -Throw -ErrorId 'AmbiguousContainerId,*'
            (Get-Container -Id $twin).Name | Should -Be boar
            Remove-Item $copy -Recurse
        }
    }

    Context 'what it says of a container' {
        It 'tells all there is to know' {
            New-Container -Name bird -Environment @{ SONG = 'tweet tweet' } -Label kind=wild -Hostname nest -Volume /usr/share:/data:ro `
                -Memory 64MB -Cpus 0.5 -PidsLimit 50 -- sh -c 'echo "a b"' | Out-Null
            $info = Get-Container bird
            $info.Status | Should -Be Created
            $info.Pid | Should -BeNullOrEmpty
            $info.ExitCode | Should -BeNullOrEmpty
            $info.StopReason | Should -Be None
            $info.Command | Should -Be sh, -c, 'echo "a b"'
            $info.CommandLine | Should -Be 'sh -c ''echo "a b"'''
            $info.Image | Should -Be host
            $info.CreatedAt | Should -BeOfType DateTimeOffset
            [DateTimeOffset]::Now - $info.CreatedAt | Should -BeLessThan ([TimeSpan]::FromMinutes(1))
            $info.StartedAt | Should -BeNullOrEmpty
            $info.Environment['SONG'] | Should -Be 'tweet tweet'
            $info.Labels['kind'] | Should -Be wild
            $info.Hostname | Should -Be nest
            "$($info.Mounts)" | Should -Be '/usr/share:/data:ro'
            $info.Limits.Memory | Should -Be 64MB
            $info.Limits.Cpus | Should -Be 0.5
            $info.Limits.PidsLimit | Should -Be 50
            $info.Network | Should -Be None
            $info.BundlePath | Should -Exist
            "$info" | Should -Be bird
        }

        It 'answers to State as to Status' {
            New-Container -Name bird sleep 100 | Out-Null
            (Get-Container bird).State | Should -Be Created
            (Get-Container | Where-Object State -eq created).Name | Should -Be bird
        }

        It 'filters by status while one runs' {
            New-Container -Name bird sleep 100 | Out-Null
            New-Container -Name fish sleep 100 | Start-Container | Out-Null
            (Get-Container -Status running).Name | Should -Be fish
            (Get-Container -Status created, stopped).Name | Should -Be bird
            (Get-Container | Where-Object Status -EQ running).Name | Should -Be fish
        }
    }

    Context 'tab completion' {
        It 'completes "Get-Container <Text>" with <Expected>' -ForEach @(
            @{ Text = 'bi'; Expected = 'bird' }
            @{ Text = '-Name fish,b'; Expected = 'bird' }
            @{ Text = '-Status cr'; Expected = 'Created' }
            @{ Text = '-Image h'; Expected = 'host' }
        ) {
            'bird', 'fish' | ForEach-Object { New-Container -Name $_ sleep 100 } | Out-Null
            (TabExpansion2 "Get-Container $Text").CompletionMatches.CompletionText | Should -Be $Expected
        }

        It 'completes -Id with the first twelve characters' {
            $bird = New-Container -Name bird sleep 100
            (TabExpansion2 'Get-Container -Id ').CompletionMatches.CompletionText | Should -Be $bird.Id.Substring(0, 12)
        }
    }
}
