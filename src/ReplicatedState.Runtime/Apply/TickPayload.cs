using ReplicatedState.Consensus;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Apply;

/// <summary>What a Tick entry carries besides log time: nothing, or the order to every replica to hash its whole state there, at the same index on all of them.</summary>
internal static class TickPayload
{
    private const byte HashStateOrder = 1;

    /// <summary>The payload that orders it.</summary>
    public static byte[] HashState => [HashStateOrder];

    /// <summary>Whether an entry orders it.</summary>
    public static bool OrdersStateHash(in Entry entry) => entry.Kind == EntryKind.Tick && entry.Payload.Length > 0;

    /// <summary>Refuses what no version has written.</summary>
    /// <exception cref="InvalidCommandException">It is neither.</exception>
    public static void Check(in Entry entry)
    {
        if (entry.Payload.Length > 1 || (entry.Payload.Length == 1 && entry.Payload.Span[0] != HashStateOrder))
            throw new InvalidCommandException("A Tick entry carries a payload that this version doesn't know.");
    }
}
