using System.Management.Automation;

namespace MyDocker.Help;

/// <summary>Puts parameters into the order of the page, which is its writer's, with -WhatIf and -Confirm at the end.</summary>
internal static class ParameterOrder
{
    /// <summary>As the page tells of them.</summary>
    public static IEnumerable<CommandParameterInfo> AsOnPage(HelpSection page, IEnumerable<CommandParameterInfo> parameters)
    {
        var titles = page.Find("PARAMETERS")?.Sections.Select(section => section.Title).ToList() ?? [];
        return parameters.OrderBy(parameter => titles.IndexOf($"-{parameter.Name}") is >= 0 and var place ? place : int.MaxValue);
    }

    /// <summary>As in a syntax line: by position, then those that have to be given, then the page's order.</summary>
    public static IEnumerable<CommandParameterInfo> InSyntax(HelpSection page, CommandParameterSetInfo set) =>
        AsOnPage(page, set.Parameters.Where(CompiledCmdlet.IsOwn))
            .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
            .ThenByDescending(parameter => parameter.IsMandatory);
}
