using MyDocker.Shell;

// A PowerShell for machines without one: dotnet run --project src/MyDocker.Shell -- -File samples/quickstart.ps1
return args switch
{
    [] => ShellSession.RunPrompt(),
    ["-File", var path, .. var arguments] => ShellSession.RunFile(path, arguments),
    ["-Command", .. { Length: > 0 } words] => ShellSession.RunCommand(string.Join(' ', words)),
    _ => ShellSession.ShowUsage(),
};
