using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MyDocker.Tests.Fixture;

/// <summary>Waits for something that happens outside, with an end to the patience.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Patience, $"It never came true: {what}");
            Thread.Sleep(5);
        }
    }
}
