using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes -CapabilityAdd and -CapabilityDrop: NET_ADMIN as docker writes it, CAP_NET_ADMIN where that was begun.</summary>
public sealed class CapabilityCompleter : IArgumentCompleter
{
    private const string Prefix = "CAP_";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var isFull = wordToComplete.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        return ContainerSpec.KnownCapabilities
            .Select(name => isFull ? name : name[Prefix.Length..])
            .Where(name => name.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name));
    }
}
