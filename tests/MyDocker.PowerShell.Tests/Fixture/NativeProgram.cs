using System.Diagnostics;

namespace MyDocker.Tests.Fixture;

/// <summary>A small program in C, compiled for a test; where there is no compiler the test is skipped.</summary>
internal static class NativeProgram
{
    /// <summary>Compiles a source.</summary>
    /// <param name="path">Where the result goes.</param>
    /// <param name="source">C.</param>
    /// <param name="options">-static, or -shared.</param>
    public static void Compile(string path, string source, params string[] options)
    {
        var compiler = ((string[])["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(compiler is null, "There is no C compiler.");
        using var process = Process.Start(new ProcessStartInfo(compiler, [.. options, "-O1", "-x", "c", "-o", path, "-"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(source);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
