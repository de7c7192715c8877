using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace MyDocker.Help;

/// <summary>What a cmdlet says of itself once it is compiled, so that no page has to repeat it.</summary>
internal sealed class CompiledCmdlet
{
    private readonly Dictionary<string, object?> defaults = [];

    private CompiledCmdlet(Type type, CmdletAttribute attribute)
    {
        Verb = attribute.VerbName;
        Noun = attribute.NounName;
        Sets = [.. new CmdletInfo(Name, type).ParameterSets.OrderByDescending(set => set.IsDefault)];
        Parameters = [.. Sets.SelectMany(set => set.Parameters).Where(IsOwn).DistinctBy(parameter => parameter.Name)];
        var cmdlet = Activator.CreateInstance(type);
        foreach (var parameter in Parameters)
            defaults[parameter.Name] = type.GetProperty(parameter.Name)?.GetValue(cmdlet);
        (cmdlet as IDisposable)?.Dispose();
    }

    /// <summary>Verb-Noun.</summary>
    public string Name => $"{Verb}-{Noun}";

    /// <summary>What it does.</summary>
    public string Verb { get; }

    /// <summary>What it does it to.</summary>
    public string Noun { get; }

    /// <summary>The ways to call it, the usual one first.</summary>
    public IReadOnlyList<CommandParameterSetInfo> Sets { get; }

    /// <summary>Its parameters, each once, without those that every cmdlet has.</summary>
    public IReadOnlyList<CommandParameterInfo> Parameters { get; }

    /// <summary>The cmdlets of an assembly.</summary>
    public static IEnumerable<CompiledCmdlet> In(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        let attribute = type.GetCustomAttribute<CmdletAttribute>()
        where attribute is not null && !type.IsAbstract
        let cmdlet = new CompiledCmdlet(type, attribute)
        orderby cmdlet.Name
        select cmdlet;

    /// <summary>Whether it has the parameter of a title: -Name.</summary>
    public bool HasParameter(string title) => Parameters.Any(parameter => $"-{parameter.Name}" == title);

    /// <summary>What a parameter is when nobody gives it.</summary>
    public string DefaultOf(CommandParameterInfo parameter) => defaults[parameter.Name] switch
    {
        _ when parameter.ParameterType == typeof(SwitchParameter) => "False",
        null or "" => "None",
        string text => text,
        IEnumerable items when !items.Cast<object>().Any() => "None",
        var value => LanguagePrimitives.ConvertTo<string>(value),
    };

    /// <summary>Whether not every cmdlet has it.</summary>
    public static bool IsOwn(CommandParameterInfo parameter) => !Cmdlet.CommonParameters.Contains(parameter.Name);
}
