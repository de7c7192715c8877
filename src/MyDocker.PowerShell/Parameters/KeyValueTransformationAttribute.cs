using System.Collections;
using System.Management.Automation;

namespace MyDocker;

/// <summary>Takes a hashtable, or texts of the form NAME=value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyValueTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var values = new Dictionary<string, string>();
        switch (inputData is PSObject wrapped ? wrapped.BaseObject : inputData)
        {
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                    values[Text(entry.Key)] = Text(entry.Value);
                return values;
            case string text:
                Add(values, text);
                return values;
            case IEnumerable texts:
                foreach (var text in texts)
                    Add(values, Text(text));
                return values;
            default:
                throw new ArgumentTransformationMetadataException("Give a hashtable (@{ NAME = 'value' }) or texts of the form 'NAME=value'.");
        }
    }

    private static void Add(Dictionary<string, string> values, string text)
    {
        if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
            throw new ArgumentTransformationMetadataException($"'{text}' is not of the form 'NAME=value'.");
        values[name] = value;
    }

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value ?? "");
}
