BeforeDiscovery {
    Import-Module $PSScriptRoot/TestStore.psm1
    $reason = Get-SkipReason
    Import-Module (Get-TestModulePath)
    $cmdlets = (Get-Command -Module MyDocker -CommandType Cmdlet).Name
    $pages = (Get-ChildItem $PSScriptRoot/../../docs/en-US/*.md).BaseName
}

Describe 'Help' {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Import-Module (Get-TestModulePath)
        $PSStyle.OutputRendering = 'PlainText'
        function Show-Help { Get-Help @args -ErrorAction Stop | Out-String -Width 120 }
    }

    Context '<_>' -ForEach $cmdlets {
        BeforeAll {
            $name = $_
            $help = Get-Help $name -Full -ErrorAction Stop
            $own = (Get-Command $name).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }
        }

        It 'has a synopsis of its own' {
            $help.Synopsis.Trim() | Should -Match '^[A-Z].*\.$'
            $help.Synopsis | Should -Not -BeLike "*$name*``[*"
        }

        It 'has a description' {
            $help.description.Text -join ' ' | Should -Match '\w+ \w+'
        }

        It 'has examples, each with a title, a command and what comes of it' {
            @($help.examples.example).Count | Should -BeGreaterThan 0
            foreach ($example in $help.examples.example) {
                $example.title | Should -Match 'Example \d+: \w'
                $example.code | Should -Not -BeNullOrEmpty
                $example.remarks.Text -join '' | Should -Match '\w+ \w+'
            }
        }

        It 'says something about every parameter, and about no other' {
            $help.parameters.parameter.name | Sort-Object | Should -Be ($own | Sort-Object)
            foreach ($parameter in $own) {
                (Get-Help $name -Parameter $parameter).description.Text -join ' ' | Should -Match '\w+ \w+' -Because $parameter
            }
        }

        It 'shows each way to call it' {
            function Join-Name($Parameters) { ($Parameters.name | Where-Object { $_ -in $own } | Sort-Object) -join ' ' }
            $shown = $help.syntax.syntaxItem | ForEach-Object { Join-Name $_.parameter }
            $shown | Sort-Object | Should -Be ((Get-Command $name).ParameterSets | ForEach-Object { Join-Name $_.Parameters } | Sort-Object)
        }
    }

    It 'is there by parameter and by example' {
        Show-Help Stop-Container -Parameter TimeoutSeconds | Should -Match '(?s)-TimeoutSeconds <int>.*SIGKILL.*Aliases\s+Timeout'
        Show-Help Stop-Container -Examples | Should -Match '(?m)Stop-Container'
    }

    It 'is there for the alias' {
        (Get-Help Run-Container).Name | Should -Be Invoke-Container
    }

    It 'has about_MyDocker with every status, every reason to stop and every error id' {
        $topic = Show-Help about_MyDocker
        foreach ($type in [MyDocker.ContainerStatus], [MyDocker.StopReason], [MyDocker.ContainerError]) {
            [enum]::GetNames($type) | Where-Object { $topic -notmatch "(?m)^    - ${_}: \w" } | Should -BeNullOrEmpty -Because $type
        }
    }

    It 'is found in a language that it is not written in' {
        $env:LANG, $before = 'de_DE.UTF-8', $env:LANG
        try {
            Invoke-OtherPwsh '(Get-Help Stop-Container).Synopsis; (Get-Help about_MyDocker).Length' | Should -Match '^Stops|^\d\d\d'
        }
        finally { $env:LANG = $before }
    }
}

Describe "The examples in docs/en-US$reason" -Skip:([bool]$reason) {
    BeforeAll {
        Import-Module $PSScriptRoot/TestStore.psm1
        Enter-TestStore
        $folder = (New-Item -ItemType Directory TestDrive:/examples).FullName

        # What is there before the examples of a page that has no comment about it.
        $usual = @'
New-Container -Name bird sleep infinity | Start-Container
New-Container -Name web -Label tier=web -- sh -c 'trap "exit 0" TERM; echo ready; while :; do sleep 0.1; done' | Start-Container
while (-not (Select-String ready -LiteralPath (Get-Container web).LogPath -Quiet -ErrorAction Ignore)) { Start-Sleep -Milliseconds 10 }
'@

        # The commands of a page, example by example, after those of its comment "before the examples".
        function Get-Example($Page) {
            $blocks = (ConvertFrom-Markdown "$PSScriptRoot/../../docs/en-US/$Page.md").Tokens
            $comment = $blocks.Where({ $_ -is [Markdig.Syntax.HtmlBlock] }).ForEach({ $_.Lines.ToString() }) -match '^<!-- before the examples:'
            if ($comment) { $comment -replace '^.*?:|-->\s*$' } else { $usual }
            $blocks.Where({ $_ -is [Markdig.Syntax.FencedCodeBlock] -and $_.Info -eq 'powershell' -and $_.Arguments -ne 'noexec' }).ForEach({ $_.Lines.ToString() })
        }

        function Invoke-Example([powershell] $Session, [string] $Code) {
            $Session.Commands.Clear()
            $running = $Session.AddScript($Code).BeginInvoke()
            if (-not $running.AsyncWaitHandle.WaitOne([timespan]::FromSeconds(60))) {
                $Session.Stop()
                throw "This example does not end:`n$Code"
            }
            try { $null = $Session.EndInvoke($running) } catch { throw "$_ in`n$Code" }
            # What a program in a container writes to standard error is nobody's failure.
            $Session.Streams.Error.Where({ $_ -isnot [MyDocker.ErrorLine] }) | Should -BeNullOrEmpty -Because $Code
        }
    }
    AfterAll { Exit-TestStore }
    AfterEach {
        ${session}?.Dispose()
        Clear-TestStore
    }

    It 'of <_> run' -ForEach $pages {
        $session = [powershell]::Create()
        Invoke-Example $session "Set-Location '$folder'; Import-Module '$(Get-TestModulePath)'"
        Get-Example $_ | ForEach-Object { Invoke-Example $session $_ }
    }
}
