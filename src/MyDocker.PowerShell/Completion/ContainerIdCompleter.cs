using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes -Id with the containers that the cmdlet could act on, by the first twelve characters.</summary>
public sealed class ContainerIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ContainerCompletion.Complete(commandName, wordToComplete, info => info.Id[..12]);
}
