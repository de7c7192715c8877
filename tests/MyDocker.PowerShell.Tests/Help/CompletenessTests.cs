using MyDocker.Help;

namespace MyDocker.Tests.Help;

public sealed class CompletenessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mydocker-tests-help-");

    public CompletenessTests()
    {
        foreach (var page in Directory.GetFiles(DocumentedModule.Pages, "*.md"))
            File.Copy(page, Path.Combine(folder.FullName, Path.GetFileName(page)));
    }

    [Fact]
    public void Every_cmdlet_has_a_page_and_every_parameter_its_text() =>
        Assert.Empty(new HelpFolder(DocumentedModule.Pages, DocumentedModule.Cmdlets).Problems);

    [Theory]
    [InlineData("### -Force\n", "", "Stop-Container has a parameter -Force, and there is no text about it.")]
    [InlineData("### -Force\n", "### -Force\n\n### -Fierce\n", "Stop-Container has a parameter -Force, and there is no text about it.")]
    [InlineData("### -Force\n", "### -Fierce\nText.\n\n### -Force\n", "Stop-Container has no parameter -Fierce.")]
    [InlineData("## SYNOPSIS\n", "## SYNOPSIS\n\n## NOTES\n", "The page of Stop-Container has no SYNOPSIS.")]
    [InlineData("## DESCRIPTION\n", "", "The page of Stop-Container has no DESCRIPTION.")]
    [InlineData("## EXAMPLES\n", "## EXAMPLES\n\n## NOTES\n", "The page of Stop-Container has no EXAMPLES.")]
    [InlineData("## EXAMPLES\n", "## EXAMPLES\n\n### Example 0: Nothing\nText.\n", "'Example 0: Nothing' shows no command.")]
    [InlineData("## NOTES\n", "## REMARKS\n", "No help has a section 'REMARKS'.")]
    [InlineData("# Stop-Container\n", "# Stop-Containers\n", "The page's one title has to be '# Stop-Container'.")]
    public void What_is_missing_or_wrong_is_named(string text, string instead, string problem)
    {
        var page = Path.Combine(folder.FullName, "Stop-Container.md");
        var before = File.ReadAllText(page);
        Assert.Contains(text, before, StringComparison.Ordinal);
        File.WriteAllText(page, before.Replace(text, instead, StringComparison.Ordinal));

        Assert.Contains(Problems(), found => found.File == page && found.Message.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_problem_is_found_by_file_and_line()
    {
        var page = Path.Combine(folder.FullName, "Rename-Container.md");
        File.AppendAllText(page, "\n## REMARKS\nText.\n");
        var line = File.ReadAllLines(page).Length - 1;

        Assert.StartsWith($"{page}({line}): error MYD002: ", Assert.Single(Problems()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cmdlet_without_a_page_is_named()
    {
        File.Delete(Path.Combine(folder.FullName, "Stop-Container.md"));

        Assert.StartsWith("Stop-Container has no page.", Assert.Single(Problems()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_about_nothing_is_named()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "Launch-Container.md"), "# Launch-Container\n");

        Assert.StartsWith("There is no cmdlet 'Launch-Container'", Assert.Single(Problems()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(true);

    private IReadOnlyList<HelpProblem> Problems() => new HelpFolder(folder.FullName, DocumentedModule.Cmdlets).Problems;
}
