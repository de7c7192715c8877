using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes -Image.</summary>
public sealed class ImageCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ContainerSpec.HostImage.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)
            ? [new CompletionResult(ContainerSpec.HostImage, ContainerSpec.HostImage, CompletionResultType.ParameterValue, "This machine's own programs")]
            : [];
}
