namespace MyDocker;

/// <summary>What Copy-ContainerItem has copied; emitted with -PassThru.</summary>
/// <param name="Path">From where.</param>
/// <param name="Destination">To where, as it was asked for.</param>
/// <param name="Items">Files, folders and whatever else, all in all.</param>
/// <param name="Length">Bytes of content; holes are none.</param>
public sealed record CopyResult(string Path, string Destination, long Items, long Length);
