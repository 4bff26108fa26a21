namespace ReplicatedState.Timers;

/// <summary>A command that is to be executed once the log's time has come to <paramref name="DueMs"/>.</summary>
/// <param name="Id">Which timer.</param>
/// <param name="DueMs">The log time in Unix milliseconds.</param>
/// <param name="Caller">Who sent the command that set the timer: on whose behalf this one runs.</param>
/// <param name="Command">The encoded command.</param>
internal sealed record ScheduledCall(ulong Id, long DueMs, string Caller, ReadOnlyMemory<byte> Command)
{
    /// <summary>By due time, and in the order in which they were set where that is equal.</summary>
    public static IComparer<ScheduledCall> ByDue { get; } =
        Comparer<ScheduledCall>.Create(static (a, b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : a.Id.CompareTo(b.Id));

    /// <summary>What it counts against the limit of bytes.</summary>
    public int SizeBytes => Command.Length + (sizeof(char) * Caller.Length);
}
