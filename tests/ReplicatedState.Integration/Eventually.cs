namespace ReplicatedState.Integration;

/// <summary>Waits for conditions, never for time.</summary>
internal static class Eventually
{
    /// <summary>Long enough for a busy machine; only a failing test waits so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, Func<string> circumstances)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail($"Waited {Patience.TotalSeconds:0} s in vain for {what}.{Environment.NewLine}{circumstances()}");
            await Task.Delay(Interval);
        }
    }
}
