using System.Management.Automation;

namespace MyDocker.Help;

/// <summary>What is said about a parameter.</summary>
internal static class ParameterText
{
    /// <summary>The paragraphs of a parameter: the page's, or for -WhatIf and -Confirm what every cmdlet's help says of them.</summary>
    public static IEnumerable<string> Of(HelpSection page, CommandParameterInfo parameter) => parameter.Name switch
    {
        "WhatIf" => ["Shows what would happen if the cmdlet ran. The cmdlet is not run."],
        "Confirm" => ["Prompts you for confirmation before running the cmdlet."],
        var name => page.Find("PARAMETERS")?.Find($"-{name}")?.Paragraphs ?? [],
    };
}
