using System.Management.Automation;

namespace MyDocker;

/// <summary>A line that a program has written to its standard error: it is shown as it is, and is nobody's failure.</summary>
public sealed class ErrorLine : ErrorRecord
{
    /// <summary>The id of all of them, as a native command's lines have it.</summary>
    public const string Id = "NativeCommandErrorMessage";

    /// <summary>Wraps a line.</summary>
    public ErrorLine(string text)
        : base(new RemoteException(text), Id, ErrorCategory.FromStdErr, text)
    {
    }

    /// <summary>The line.</summary>
    public override string ToString() => Exception.Message;
}
