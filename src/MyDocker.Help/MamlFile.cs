using System.Management.Automation;
using System.Xml.Linq;
using Markdig.Syntax;

namespace MyDocker.Help;

/// <summary>
/// Writes what Get-Help reads: MAML, whose elements are described in
/// https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets.
/// </summary>
internal static class MamlFile
{
    /// <summary>How the titles of examples stand out in every command's help.</summary>
    private const string Rule = "----------";

    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help of all cmdlets, each with its page.</summary>
    public static XDocument Of(IEnumerable<(CompiledCmdlet Cmdlet, HelpSection Page)> cmdlets) => new(
        new XElement(Help + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(each => Of(each.Cmdlet, each.Page))));

    private static XElement Of(CompiledCmdlet cmdlet, HelpSection page) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Description(page.Find("SYNOPSIS"))),
        Description(page.Find("DESCRIPTION")),
        new XElement(Command + "syntax", cmdlet.Sets.Select(set => new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            ParameterOrder.InSyntax(page, set).Select(parameter => Parameter(parameter))))),
        new XElement(Command + "parameters", ParameterOrder.AsOnPage(page, cmdlet.Parameters).Select(parameter => Parameter(
            parameter,
            new XElement(Maml + "description", Paragraphs(ParameterText.Of(page, parameter))),
            new XElement(Dev + "type", new XElement(Maml + "name", TypeName(parameter))),
            new XElement(Dev + "defaultValue", cmdlet.DefaultOf(parameter))))),
        new XElement(Command + "inputTypes", EntriesOf(page, "INPUTS").Select(entry => Typed("inputType", entry))),
        new XElement(Command + "returnValues", EntriesOf(page, "OUTPUTS").Select(entry => Typed("returnValue", entry))),
        new XElement(Maml + "alertSet", page.Find("NOTES") is { } notes ? new XElement(Maml + "alert", Paragraphs(notes.Paragraphs)) : null),
        new XElement(Command + "examples", EntriesOf(page, "EXAMPLES").Select(Example)),
        new XElement(Command + "relatedLinks", (page.Find("RELATED LINKS")?.Paragraphs ?? []).Select(Link)));

    private static IEnumerable<HelpSection> EntriesOf(HelpSection page, string title) => page.Find(title)?.Sections ?? [];

    private static XElement Parameter(CommandParameterInfo parameter, params XElement[] details) => new(
        Command + "parameter",
        new XAttribute("required", parameter.IsMandatory),
        new XAttribute("variableLength", parameter.ValueFromRemainingArguments),
        new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any()),
        new XAttribute("pipelineInput", PipelineInput(parameter)),
        new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position),
        new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        new XElement(Maml + "name", parameter.Name),
        parameter.ParameterType == typeof(SwitchParameter)
            ? null
            : new XElement(Command + "parameterValue", new XAttribute("required", true), TypeName(parameter)),
        details);

    private static string PipelineInput(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    /// <summary>As Get-Command -Syntax writes it: string[], int, ContainerInfo[].</summary>
    private static string TypeName(CommandParameterInfo parameter) =>
        LanguagePrimitives.ConvertTo<string>(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType)
            .Split('.')[^1];

    private static XElement Example(HelpSection example) => new(
        Command + "example",
        new XElement(Maml + "title", $"{Rule} {example.Title} {Rule}"),
        new XElement(Dev + "code", string.Join("\n\n", example.Blocks.OfType<CodeBlock>().Select(PlainText.Code))),
        // The empty paragraph keeps the next example's title at a distance.
        new XElement(Dev + "remarks", Paragraphs([.. example.Blocks.Where(block => block is not CodeBlock).SelectMany(PlainText.Of), ""])));

    private static XElement Typed(string element, HelpSection entry) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", entry.Title)),
        new XElement(Maml + "description", Paragraphs(entry.Paragraphs)));

    private static XElement Link(string text) => new(
        Maml + "navigationLink", new XElement(Maml + "linkText", text.TrimStart('-', ' ')));

    private static XElement Description(HelpSection? section) => new(Maml + "description", Paragraphs(section?.Paragraphs ?? []));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) =>
        texts.Select(text => new XElement(Maml + "para", text));
}
