# What the rows play on: a root file system, the bundles, time, fresh sessions.

# A folder with busybox, the same for all; it becomes the peers' image.
function New-RootFileSystem([string] $Folder) {
    $busybox = '/bin/busybox', '/usr/bin/busybox' | Where-Object { [System.IO.File]::Exists($_) }
    if (-not $busybox) { throw 'The bench needs a static busybox (apt-get install busybox-static).' }
    foreach ($name in 'bin', 'dev', 'etc', 'proc', 'sys', 'tmp') { $null = [System.IO.Directory]::CreateDirectory("$Folder/$name") }
    [System.IO.File]::Copy(@($busybox)[0], "$Folder/bin/busybox")
    foreach ($name in 'cat', 'sh', 'sleep', 'true') { $null = [System.IO.File]::CreateSymbolicLink("$Folder/bin/$name", 'busybox') }
    $Folder
}

# The bundle of one of our containers, as a peer can run it.
function Get-Bundle([string] $Name, [string] $Lane) {
    if ($Lane -eq 'MyDocker') { return '' }
    $bundle = (Get-Container $Name).BundlePath
    if ($Lane -ne 'crun') { return $bundle }
    # crun can't mount on "/", so it gets the same bundle without the overlay, and writes to the root file system itself.
    $config = [System.Text.Json.Nodes.JsonNode]::Parse([System.IO.File]::ReadAllText("$bundle/config.json")).AsObject()
    $config['mounts'].RemoveAt(0)
    $config['root']['path'] = [System.Text.Json.Nodes.JsonValue]::Create("$work/rootfs")
    $plain = [System.IO.Directory]::CreateDirectory("$work/plain/$Name").FullName
    [System.IO.File]::WriteAllText("$plain/config.json", $config.ToJsonString())
    $plain
}

# Sleeps, in small pieces: between them Ctrl-C is heard.
function Wait-Moment([double] $Seconds) {
    $end = [DateTime]::UtcNow.AddSeconds($Seconds)
    while ([DateTime]::UtcNow -lt $end) { [System.Threading.Thread]::Sleep(50) }
}

# Milliseconds of whole pwsh processes, with the module and without, in turns; nothing where there is no pwsh.
function Measure-Session([string] $Manifest, [int] $Rounds) {
    if (-not (Get-Command pwsh -CommandType Application -ErrorAction Ignore)) { return }
    [Console]::Error.WriteLine('… module import in a fresh pwsh')
    $times = @{ Empty = [double[]]@(); WithModule = [double[]]@() }
    for ($round = -1; $round -lt $Rounds; $round++) {
        foreach ($kind in 'Empty', 'WithModule') {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $process = [System.Diagnostics.Process]::Start(
                'pwsh', [string[]]@('-NoProfile', '-NonInteractive', '-Command', ($kind -eq 'Empty' ? 'exit' : "Import-Module '$Manifest'")))
            $process.WaitForExit()
            if ($round -ge 0) { $times[$kind] += $watch.Elapsed.TotalMilliseconds }
        }
    }

    $times
}

function Get-Machine {
    $build = [System.Reflection.CustomAttributeExtensions]::GetCustomAttribute(
        [MyDocker.ContainerInfo].Assembly, [System.Reflection.AssemblyConfigurationAttribute]).Configuration
    $hierarchies = [System.IO.Directory]::Exists('/sys/fs/cgroup/unified') ? 'v1 and v2 (hybrid)' :
        [System.IO.File]::Exists('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'v1'
    "Machine: $([Environment]::ProcessorCount) processors, kernel $([Environment]::OSVersion.Version), cgroup $hierarchies. " +
    "MyDocker: $build build, PowerShell $($PSVersionTable.PSVersion)."
}
