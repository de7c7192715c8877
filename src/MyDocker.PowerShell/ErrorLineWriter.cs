using System.Management.Automation;

namespace MyDocker;

/// <summary>
/// Makes a cmdlet that runs a program behave as pwsh does for a native command. Standard error's lines go to the error stream: shown,
/// redirected by 2&gt;, and never the end of the script, whatever $ErrorActionPreference says; $? tells whether the exit code was 0.
/// A cmdlet's own WriteError would obey that preference and make $? false, so a command of ours inside its pipeline does the writing.
/// </summary>
internal sealed class ErrorLineWriter(PSCmdlet owner) : IDisposable
{
    private static readonly CmdletInfo Writer = new("Write-ErrorLine", typeof(WriteErrorLineCommand));

    private SteppablePipeline? lines;

    /// <summary>Writes lines of standard error.</summary>
    public void Write(IReadOnlyList<string> text)
    {
        if (text.Count > 0 && lines is null)
        {
            // A pipeline inside the pipeline: the failure of a steppable one would be that of the command it is part of, and $? with it.
            lines = ScriptBlock.Create("param($writer) & { param($writer) process { $_ | & $writer -ErrorAction Continue } } $writer")
                .GetSteppablePipeline(CommandOrigin.Internal, [Writer]);
            Begin(lines, expectInput: true);
        }

        foreach (var line in text)
            lines!.Process(line);
    }

    /// <inheritdoc/>
    public void Dispose() => lines?.Dispose();

    /// <summary>Not Begin(owner), which gives a pipeline input or none as its owner has it.</summary>
    private void Begin(SteppablePipeline pipeline, bool expectInput) =>
        pipeline.Begin(expectInput, (EngineIntrinsics)owner.GetVariableValue("ExecutionContext"));

    /// <summary>Leaves an exit code for the session, in $LASTEXITCODE and $?.</summary>
    public void Conclude(int? exitCode)
    {
        owner.SessionState.PSVariable.Set("global:LASTEXITCODE", exitCode);
        if (exitCode == 0)
            return;
        // An error that leaves no trace but $?, and here the failure is meant to be that of the command.
        using var failure = ScriptBlock.Create("param($writer) & $writer -Line '' -ErrorAction Ignore").GetSteppablePipeline(CommandOrigin.Internal, [Writer]);
        Begin(failure, expectInput: false);
        failure.Process();
        failure.End();
    }

    [Cmdlet(VerbsCommunications.Write, "ErrorLine")]
    private sealed class WriteErrorLineCommand : Cmdlet
    {
        [Parameter(ValueFromPipeline = true)]
        [AllowEmptyString]
        public string Line { get; set; } = "";

        protected override void ProcessRecord() => WriteError(new ErrorLine(Line));
    }
}
