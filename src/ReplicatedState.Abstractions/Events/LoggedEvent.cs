namespace ReplicatedState.Events;

/// <summary>An event that is kept.</summary>
/// <param name="Offset">Its place.</param>
/// <param name="TimeMs">The log time in Unix milliseconds when it was emitted.</param>
/// <param name="Id">Which of the machine's events.</param>
/// <param name="Value">It, encoded.</param>
internal readonly record struct LoggedEvent(EventOffset Offset, long TimeMs, uint Id, ReadOnlyMemory<byte> Value)
{
    private const int Overhead = 48;

    /// <summary>What it counts against the limit of bytes.</summary>
    public int SizeBytes => Overhead + Value.Length;
}
