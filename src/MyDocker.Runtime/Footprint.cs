using System.Runtime;
using MyDocker.Interop;

namespace MyDocker.Helper;

/// <summary>How much memory a helper that has done its work and waits keeps to itself.</summary>
internal static class Footprint
{
    /// <summary>How long what it keeps has to live before a helper shrinks: a short one has no time to lose with that.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Gives back what starting took: from here on the helper mostly sleeps.</summary>
    public static void Shrink()
    {
        var unwritten = Execution.FindUnwrittenMappings(HelperImage.FileName);
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Execution.TrimMemory(0);
        Execution.Drop(unwritten);
    }
}
