using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace MyDocker.Help;

/// <summary>Markdown as a terminal shows it: paragraphs without marks, lists with dashes, code as it is.</summary>
internal static class PlainText
{
    /// <summary>The paragraphs of a block; a comment has none.</summary>
    public static IEnumerable<string> Of(Block block) => block switch
    {
        HtmlBlock => [],
        CodeBlock code => [Code(code)],
        ListBlock list => list.Cast<ListItemBlock>().Select(item => $"- {string.Join(' ', item.SelectMany(Of))}"),
        ContainerBlock container => container.SelectMany(Of),
        LeafBlock { Inline: { } inline } => [string.Concat(inline.Select(Of))],
        _ => [],
    };

    /// <summary>The lines between two fences.</summary>
    public static string Code(CodeBlock code) => code.Lines.ToString();

    private static string Of(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        LineBreakInline => " ",
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        AutolinkInline link => link.Url,
        ContainerInline container => string.Concat(container.Select(Of)),
        _ => "",
    };
}
