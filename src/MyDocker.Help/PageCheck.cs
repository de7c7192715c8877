using Markdig.Syntax;

namespace MyDocker.Help;

/// <summary>Finds what is missing from a cmdlet's page, and what says something about nothing.</summary>
internal static class PageCheck
{
    private static readonly string[] Sections =
        ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    /// <summary>The problems of a cmdlet's page.</summary>
    public static IEnumerable<HelpProblem> Of(string file, CompiledCmdlet cmdlet, HelpSection page)
    {
        foreach (var section in page.Sections.Where(section => !Sections.Contains(section.Title)))
        {
            yield return new HelpProblem(
                file, section.Line, $"No help has a section '{section.Title}'. There are {string.Join(", ", Sections)}.");
        }

        foreach (var title in (string[])["SYNOPSIS", "DESCRIPTION"])
        {
            if (page.Find(title)?.Paragraphs.Any() != true)
                yield return new HelpProblem(file, page.Find(title)?.Line ?? page.Line, $"The page of {cmdlet.Name} has no {title}.");
        }

        var examples = page.Find("EXAMPLES");
        if (examples is not { Sections.Count: > 0 })
            yield return new HelpProblem(file, examples?.Line ?? page.Line, $"The page of {cmdlet.Name} has no EXAMPLES.");
        foreach (var example in examples?.Sections.Where(example => !example.Blocks.OfType<CodeBlock>().Any()) ?? [])
            yield return new HelpProblem(file, example.Line, $"'{example.Title}' shows no command.");

        var parameters = page.Find("PARAMETERS");
        foreach (var parameter in cmdlet.Parameters.Where(parameter => !ParameterText.Of(page, parameter).Any()))
        {
            var line = parameters?.Find($"-{parameter.Name}")?.Line ?? parameters?.Line ?? page.Line;
            yield return new HelpProblem(file, line, $"{cmdlet.Name} has a parameter -{parameter.Name}, and there is no text about it.");
        }

        foreach (var section in parameters?.Sections.Where(section => !cmdlet.HasParameter(section.Title)) ?? [])
            yield return new HelpProblem(file, section.Line, $"{cmdlet.Name} has no parameter {section.Title}.");
    }
}
