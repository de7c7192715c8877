using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace MyDocker.Help;

/// <summary>
/// Two cmdlets may have parameters of one base class. The page of one tells of them; the other's links to that page below
/// PARAMETERS, and has what differs.
/// </summary>
internal static class SharedParameters
{
    /// <summary>The file that the page links to, or null.</summary>
    public static string? Source(HelpSection page) =>
        page.Find("PARAMETERS")?.Blocks.OfType<ParagraphBlock>()
            .SelectMany(block => block.Inline!.OfType<LinkInline>()).FirstOrDefault()?.Url;

    /// <summary>The page with the other's text on parameters that it has none on itself.</summary>
    public static HelpSection Complete(HelpSection page, HelpSection other, CompiledCmdlet cmdlet)
    {
        var parameters = page.Find("PARAMETERS")!;
        var shared = other.Find("PARAMETERS")?.Sections
            .Where(section => parameters.Find(section.Title) is null && cmdlet.HasParameter(section.Title)) ?? [];
        var whole = parameters with { Sections = [.. parameters.Sections, .. shared] };
        return page with { Sections = [.. page.Sections.Select(section => section == parameters ? whole : section)] };
    }
}
