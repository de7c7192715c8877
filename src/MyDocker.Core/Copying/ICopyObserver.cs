namespace MyDocker;

/// <summary>Told what happens while something is copied, on the thread that copies.</summary>
public interface ICopyObserver
{
    /// <summary>One item could not be copied; the others are.</summary>
    void Failed(ContainerException failure);

    /// <summary>Something was done otherwise than asked for.</summary>
    void Warn(string warning);

    /// <summary>It has got so far; told a few times a second, however large or many the items are.</summary>
    void Progressed(CopyProgress progress);
}

/// <summary>How far a copy has got.</summary>
/// <param name="Items">Files, folders and whatever else has been copied.</param>
/// <param name="Length">Bytes of content; holes are none.</param>
/// <param name="TotalLength">Of how many, where that is known: for a file.</param>
public readonly record struct CopyProgress(long Items, long Length, long? TotalLength);
