using System.Diagnostics;
using MyDocker.Shell;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class AccessTests(Machine machine) : ContainerTest(machine)
{
    [Theory]
    [InlineData("Get-Container")]
    [InlineData("New-Container true")]
    [InlineData("Invoke-Container true")]
    [InlineData("Stop-Container x")]
    public void Without_rights_one_sentence_says_what_to_do(string script)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "There is no setpriv to become another user with.");
        var shell = Path.ChangeExtension(typeof(ShellSession).Assembly.Location, null);
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", shell, "-Command", $"try {{ {script} -ErrorAction Stop }} catch {{ \"$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category) $_\" }}"])
        {
            RedirectStandardOutput = true,
            Environment = { ["HOME"] = "/tmp" },
        };

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.StartsWith("AccessDenied,", text, StringComparison.Ordinal);
        Assert.Contains(" PermissionDenied ", text, StringComparison.Ordinal);
        Assert.Contains("root", text, StringComparison.Ordinal);
    }
}
