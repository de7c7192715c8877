using System.Globalization;
using System.Management.Automation.Host;

namespace MyDocker.Shell;

/// <summary>The least host that the engine runs in: a console, and "exit".</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellUserInterface userInterface = new();

    /// <summary>What a script gave to "exit"; null while none has.</summary>
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "MyDocker.Shell";

    public override PSHostUserInterface UI => userInterface;

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException("This shell has no nested prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This shell has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
}
