using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MyDocker;

/// <summary>Completes the paths of a copy: containers' names with their colon, what is in a container that runs, and the host's files.</summary>
public sealed class ItemPathCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        return ItemLocation.Split(word) is ({ } name, var path) && TryFind(name) is { } container
            ? CompleteInside(container, name, path)
            : [.. Names(word), .. CompletionCompleters.CompleteFilename(wordToComplete)];
    }

    private static IEnumerable<CompletionResult> Names(string word) => ContainerStore.FromEnvironment().Names()
        .Where(name => name.StartsWith(word, StringComparison.Ordinal))
        .Select(name => Result($"{name}:/", name, CompletionResultType.ParameterValue));

    private static IEnumerable<CompletionResult> CompleteInside(Container container, string name, string path)
    {
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var begun = path[folder.Length..];
        return container.ListFolder(folder)
            .Where(entry => entry.Name.StartsWith(begun, StringComparison.Ordinal) && (begun.Length > 0 || !entry.Name.StartsWith('.')))
            .Select(entry => Result(
                $"{name}:{folder}{entry.Name}{(entry.IsFolder ? "/" : "")}", entry.Name, entry.IsFolder ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem));
    }

    private static Container? TryFind(string name)
    {
        try
        {
            return ContainerStore.FromEnvironment().Find(name);
        }
        catch (ContainerException)
        {
            // No container, or one that can't be read: then it may be a file's name.
            return null;
        }
    }

    private static CompletionResult Result(string text, string shown, CompletionResultType type) =>
        new(text.All(character => char.IsLetterOrDigit(character) || "/:._-+@".Contains(character)) ? text : $"'{text.Replace("'", "''")}'", shown, type, text);
}
