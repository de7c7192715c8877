using MyDocker.Help;

namespace MyDocker.Tests.Help;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Two\nlines are *one* paragraph.", "Two lines are one paragraph.")]
    [InlineData("Use `-Name` or [a link](page.md).", "Use -Name or a link.")]
    [InlineData("One.\n\nTwo.", "One.|Two.")]
    [InlineData("- one\n- two\n  goes on", "- one|- two goes on")]
    [InlineData("```powershell\na\n\n  b\n```", "a\n\n  b")]
    [InlineData("before\n\n<!-- nobody reads this -->\n\nafter", "before|after")]
    [InlineData("a &lt; b, and \\*no emphasis\\*", "a < b, and *no emphasis*")]
    public void Marks_are_taken_off(string markdown, string paragraphs) =>
        Assert.Equal(paragraphs, string.Join('|', HelpSection.Read(markdown).Paragraphs));

    [Fact]
    public void Sections_have_the_text_up_to_the_next_heading_of_their_level()
    {
        var page = Assert.Single(HelpSection.Read("# Title\none\n## A\ntwo\n### B\nthree\n## C\nfour\n").Sections);

        Assert.Equal(("Title", 1), (page.Title, page.Line));
        Assert.Equal(["one"], page.Paragraphs);
        Assert.Equal(["A 3", "C 7"], page.Sections.Select(section => $"{section.Title} {section.Line}"));
        Assert.Equal(["three"], page.Find("a")!.Find("B")!.Paragraphs);
    }

    [Fact]
    public void A_topic_keeps_its_lines_below_its_headings() => Assert.Equal(
        "TOPIC\n    about_Birds\n\nWHERE\n\n    They live in `trees`,\n    mostly.\n\n        Get-Bird\n\n    - one\n    - two\n\n",
        AboutTopic.Of("# about_Birds\n\n## WHERE\n\nThey live in `trees`,\nmostly.\n\n```powershell\nGet-Bird\n```\n\n- one\n- two\n"));
}
