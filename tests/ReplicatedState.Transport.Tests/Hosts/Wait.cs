using System.Diagnostics;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Waits for conditions, with a bound that is only reached when the test fails.</summary>
internal static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException($"It did not happen within {Limit}: {what}");
            await Task.Delay(5);
        }
    }
}
