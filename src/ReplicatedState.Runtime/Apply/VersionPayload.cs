namespace ReplicatedState.Runtime.Apply;

/// <summary>The payload of a <see cref="Consensus.EntryKind.Version"/> entry: the machine version in effect from there on, as a varint.</summary>
public static class VersionPayload
{
    /// <summary>The bytes that <see cref="Write"/> writes.</summary>
    public static int Size(int version) => Varint.Size((ulong)version);

    /// <summary>Writes the payload and returns its size.</summary>
    public static int Write(Span<byte> into, int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        return Varint.Write(into, (ulong)version);
    }

    /// <summary>The version, 1 or more.</summary>
    /// <exception cref="InvalidCommandException">The payload is something else.</exception>
    public static int Read(ReadOnlySpan<byte> payload) =>
        Varint.TryRead(ref payload, out ulong version) && payload.IsEmpty && version is >= 1 and <= int.MaxValue
            ? (int)version
            : throw new InvalidCommandException("The payload of a Version entry is no machine version.");
}
