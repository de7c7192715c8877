namespace MyDocker.Help;

/// <summary>What is missing from a page or wrong with it.</summary>
/// <param name="File">The page.</param>
/// <param name="Line">Where, from 1.</param>
/// <param name="Message">One sentence that says what to do.</param>
internal sealed record HelpProblem(string File, int Line, string Message)
{
    /// <summary>As MSBuild and editors understand it.</summary>
    public override string ToString() => $"{File}({Line}): error MYD002: {Message}";
}
