using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes -Name with the containers that the cmdlet could act on.</summary>
public sealed class ContainerNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ContainerCompletion.Complete(commandName, wordToComplete, info => info.Name);
}
