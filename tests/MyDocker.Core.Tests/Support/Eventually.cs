using System.Diagnostics;

namespace MyDocker.Tests.Support;

/// <summary>Waits for something that another process brings about.</summary>
internal static class Eventually
{
    public static void True(Func<bool> isTrue, string what)
    {
        var started = Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(20), $"Waited in vain: {what}.");
            Thread.Sleep(2);
        }
    }
}
