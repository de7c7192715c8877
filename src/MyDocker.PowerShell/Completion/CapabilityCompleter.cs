using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes -CapabilityAdd and -CapabilityDrop.</summary>
public sealed class CapabilityCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ContainerSpec.KnownCapabilities
            .Where(name => name.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)
                || name.StartsWith($"CAP_{wordToComplete}", StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
}
