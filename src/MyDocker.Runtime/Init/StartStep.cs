namespace MyDocker.Helper.Init;

/// <summary>What init is doing right now, in words: a failure is told as "while …".</summary>
internal sealed class StartStep
{
    public string Name { get; set; } = "beginning";
}
