using System.Management.Automation;
using MyDocker.Help;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Help;

public sealed class GetHelpTests : IDisposable
{
    private readonly Session session = new("");

    public static TheoryData<string> Cmdlets => DocumentedModule.Names;

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Get_Help_shows_what_the_page_says(string name)
    {
        var page = HelpSection.Read(File.ReadAllText($"{DocumentedModule.Pages}/{name}.md")).Sections[0];

        Assert.Equal(page.Find("SYNOPSIS")!.Paragraphs.Single(), Text($"(Get-Help {name} -Full).Synopsis"));
        Assert.Equal(string.Join('\n', page.Find("DESCRIPTION")!.Paragraphs), Text($"(Get-Help {name} -Full).description.Text"));
        Assert.Equal(page.Find("EXAMPLES")!.Sections.Count, Run($"(Get-Help {name} -Full).examples.example").Count);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Get_Help_says_something_about_every_parameter(string name)
    {
        foreach (var parameter in DocumentedModule.Cmdlets.Single(cmdlet => cmdlet.Name == name).Parameters)
            Assert.Matches(@"\w+ \w+", Text($"(Get-Help {name} -Parameter {parameter.Name}).description.Text"));
    }

    [Fact]
    public void What_a_parameter_is_comes_from_the_cmdlet()
    {
        string Facts(string cmdlet, string parameter) => Text(
            $"Get-Help {cmdlet} -Parameter {parameter} -OutVariable it | Out-Null; "
            + "$it.type.name; $it.required; $it.position; $it.pipelineInput; $it.globbing; $it.aliases; $it.defaultValue");

        Assert.Equal("string[]\ntrue\n0\nTrue (ByPropertyName, ByValue)\ntrue\nContainerName\nNone", Facts("Stop-Container", "Name"));
        Assert.Equal("int\nfalse\nnamed\nFalse\nfalse\nTimeout\nNone", Facts("Stop-Container", "TimeoutSeconds"));
        Assert.Equal("switch\nfalse\nnamed\nFalse\nfalse\nnone\nFalse", Facts("Stop-Container", "Force"));
        Assert.Equal("ContainerInfo[]\ntrue\nnamed\nTrue (ByValue)\nfalse\nnone\nNone", Facts("Stop-Container", "InputObject"));
        Assert.Equal("int\nfalse\nnamed\nFalse\nfalse\nStopTimeout\n10", Facts("New-Container", "StopTimeoutSeconds"));
        Assert.Equal("Signum\nfalse\nnamed\nFalse\nfalse\nnone\nSIGTERM", Facts("Invoke-Container", "StopSignal"));
    }

    [Fact]
    public void Parameters_of_a_base_class_are_told_of_on_one_page() => Assert.Equal(
        Text("(Get-Help New-Container -Parameter Memory).description.Text"), Text("(Get-Help Invoke-Container -Parameter Memory).description.Text"));

    [Fact]
    public void There_is_a_topic_about_the_module() =>
        Assert.StartsWith("TOPIC\n    about_MyDocker\n", Text("Get-Help about_MyDocker"), StringComparison.Ordinal);

    public void Dispose() => session.Dispose();

    private IReadOnlyList<PSObject> Run(string script) => session.Run(script).Output;

    private string Text(string script) => string.Join('\n', Run(script).Select(item => item.ToString().TrimEnd('\n')));
}
