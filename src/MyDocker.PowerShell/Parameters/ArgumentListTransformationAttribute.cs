using System.Collections;
using System.Management.Automation;

namespace MyDocker;

/// <summary>
/// Takes arguments as a native command does: a list among them ("ls $options") gives its items, $null gives nothing, and a
/// literal stays as it was written, 0755 for instance.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ArgumentListTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => Flatten(inputData).ToArray();

    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => true;

    private static IEnumerable<string> Flatten(object? argument) => (argument is PSObject wrapped ? wrapped.BaseObject : argument) switch
    {
        null => [],
        string text => [text],
        IEnumerable items => items.Cast<object?>().SelectMany(Flatten),
        _ => [LanguagePrimitives.ConvertTo<string>(argument)],
    };
}
