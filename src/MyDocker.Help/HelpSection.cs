using Markdig;
using Markdig.Syntax;

namespace MyDocker.Help;

/// <summary>A heading of a page, and what is below it: first text, then headings of the next level with theirs.</summary>
internal sealed record HelpSection(string Title, int Line, IReadOnlyList<Block> Blocks, IReadOnlyList<HelpSection> Sections)
{
    /// <summary>Reads a page; its title is the only section of what comes back.</summary>
    public static HelpSection Read(string markdown) => Nest("", 1, [.. Markdown.Parse(markdown)], 1);

    /// <summary>What is to be read, comments apart.</summary>
    public IEnumerable<string> Paragraphs => Blocks.SelectMany(PlainText.Of);

    /// <summary>The section of this title, or null.</summary>
    public HelpSection? Find(string title) =>
        Sections.FirstOrDefault(section => section.Title.Equals(title, StringComparison.OrdinalIgnoreCase));

    private static HelpSection Nest(string title, int line, Block[] blocks, int level)
    {
        bool IsText(Block block) => block is not HeadingBlock heading || heading.Level > level;

        var text = blocks.TakeWhile(IsText).ToArray();
        var sections = new List<HelpSection>();
        for (var next = text.Length; next < blocks.Length; next++)
        {
            var heading = (HeadingBlock)blocks[next];
            var content = blocks.Skip(next + 1).TakeWhile(IsText).ToArray();
            sections.Add(Nest(PlainText.Of(heading).Single(), heading.Line + 1, content, level + 1));
            next += content.Length;
        }

        return new HelpSection(title, line, text, sections);
    }
}
