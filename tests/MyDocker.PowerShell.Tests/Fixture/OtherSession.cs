using System.Diagnostics;
using MyDocker.Shell;

namespace MyDocker.Tests.Fixture;

/// <summary>A session in a process of its own: the shell of this repository, beside the test.</summary>
internal static class OtherSession
{
    /// <summary>Starts a process that runs a script.</summary>
    /// <param name="script">Finds the root file system in $rootfs.</param>
    /// <param name="rootFileSystem">That one.</param>
    public static Process Start(string script, string rootFileSystem)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(ShellSession).Assembly.Location, null), ["-Command", $"$rootfs = '{rootFileSystem}'; {script}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it has written, without colours.</returns>
    public static string Run(string script, string rootFileSystem)
    {
        using var session = Start(script, rootFileSystem);
        session.StandardInput.Close();
        var errors = session.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = session.StandardOutput.ReadToEnd();
        session.WaitForExit();
        Assert.True(session.ExitCode == 0, $"{script}\nexit code {session.ExitCode}\n{output}{errors.Result}");
        return output.Trim();
    }
}
