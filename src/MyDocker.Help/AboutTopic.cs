using System.Text;
using Markdig;
using Markdig.Syntax;

namespace MyDocker.Help;

/// <summary>Makes a topic for Get-Help about_…: headings, and below them the page's own lines, indented.</summary>
internal static class AboutTopic
{
    private const string Indent = "    ";

    /// <summary>The text of a topic.</summary>
    public static string Of(string markdown)
    {
        var text = new StringBuilder();
        foreach (var block in Markdown.Parse(markdown))
        {
            if (block is HeadingBlock { Level: 1 } title)
                text.AppendLine("TOPIC").Append(Indent).AppendLine(PlainText.Of(title).Single());
            else if (block is HeadingBlock heading)
                text.AppendLine(PlainText.Of(heading).Single());
            else if (block is CodeBlock code)
                AppendLines(text, PlainText.Code(code), Indent + Indent);
            else if (block is not HtmlBlock)
                // As it was written: a table of pipes or a list is fit to be read in a terminal.
                AppendLines(text, markdown.Substring(block.Span.Start, block.Span.Length).TrimEnd(), Indent);
            text.AppendLine();
        }

        return text.ToString();
    }

    private static void AppendLines(StringBuilder text, string lines, string indent)
    {
        foreach (var line in lines.Split('\n'))
            text.Append(line.Length == 0 ? "" : indent).AppendLine(line);
    }
}
