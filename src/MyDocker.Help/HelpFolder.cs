namespace MyDocker.Help;

/// <summary>The pages of a folder, and what Get-Help makes of them.</summary>
internal sealed class HelpFolder
{
    private readonly List<(CompiledCmdlet Cmdlet, HelpSection Page)> pages = [];
    private readonly List<HelpProblem> problems = [];
    private readonly string folder;

    /// <summary>Reads the pages of these cmdlets and the about topics.</summary>
    public HelpFolder(string folder, IReadOnlyList<CompiledCmdlet> cmdlets)
    {
        this.folder = folder;
        foreach (var cmdlet in cmdlets)
            Add(cmdlet, FileOf(cmdlet.Name));
        string[] known = [.. cmdlets.Select(cmdlet => FileOf(cmdlet.Name)), .. Topics];
        foreach (var file in Directory.EnumerateFiles(folder, "*.md").Except(known))
            problems.Add(new HelpProblem(file, 1, $"There is no cmdlet '{Path.GetFileNameWithoutExtension(file)}' that it could be about."));
    }

    /// <summary>What is missing or wrong.</summary>
    public IReadOnlyList<HelpProblem> Problems => problems;

    private IEnumerable<string> Topics => Directory.EnumerateFiles(folder, "about_*.md");

    /// <summary>Writes the files that Get-Help finds in a module's en-US folder.</summary>
    /// <param name="target">That folder.</param>
    /// <param name="assemblyName">The file name of the module's assembly.</param>
    public void Write(string target, string assemblyName)
    {
        Directory.CreateDirectory(target);
        MamlFile.Of(pages).Save(Path.Combine(target, $"{assemblyName}-Help.xml"));
        foreach (var topic in Topics)
        {
            var file = Path.Combine(target, $"{Path.GetFileNameWithoutExtension(topic)}.help.txt");
            File.WriteAllText(file, AboutTopic.Of(File.ReadAllText(topic)));
        }
    }

    private string FileOf(string name) => Path.Combine(folder, $"{name}.md");

    private void Add(CompiledCmdlet cmdlet, string file)
    {
        if (!File.Exists(file))
            problems.Add(new HelpProblem(file, 1, $"{cmdlet.Name} has no page. Write this one."));
        else if (HelpSection.Read(File.ReadAllText(file)).Sections is [var page] && page.Title == cmdlet.Name)
            Add(cmdlet, file, WithSharedParameters(cmdlet, page));
        else
            problems.Add(new HelpProblem(file, 1, $"The page's one title has to be '# {cmdlet.Name}'."));
    }

    private HelpSection WithSharedParameters(CompiledCmdlet cmdlet, HelpSection page) =>
        SharedParameters.Source(page) is { } source && Path.Combine(folder, source) is var file && File.Exists(file)
            ? SharedParameters.Complete(page, HelpSection.Read(File.ReadAllText(file)).Sections[0], cmdlet)
            : page;

    private void Add(CompiledCmdlet cmdlet, string file, HelpSection page)
    {
        pages.Add((cmdlet, page));
        problems.AddRange(PageCheck.Of(file, cmdlet, page));
    }
}
