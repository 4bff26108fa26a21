using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ReplicatedState.Consensus;

/// <summary>A configuration as the payload of its entry and in snapshots: version, flags, revision, five counted lists of 64-bit ids, all little-endian.</summary>
public static class ConfigurationCodec
{
    private const byte FormatVersion = 1;
    private const int HeaderBytes = 2 + sizeof(ulong);

    /// <summary>Encodes a configuration.</summary>
    public static byte[] Encode(Configuration configuration)
    {
        int ids = configuration.Voters.Length + configuration.OutgoingVoters.Length + configuration.Learners.Length
            + configuration.LearnersNext.Length + configuration.AutoPromote.Length;
        byte[] bytes = new byte[HeaderBytes + (5 * sizeof(ushort)) + (ids * sizeof(ulong))];
        bytes[0] = FormatVersion;
        bytes[1] = configuration.AutoLeave ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(2), configuration.Revision);
        Span<byte> rest = bytes.AsSpan(HeaderBytes);
        Write(ref rest, configuration.Voters);
        Write(ref rest, configuration.OutgoingVoters);
        Write(ref rest, configuration.Learners);
        Write(ref rest, configuration.LearnersNext);
        Write(ref rest, configuration.AutoPromote);
        return bytes;
    }

    /// <summary>Decodes a configuration.</summary>
    /// <exception cref="FormatException">The bytes are no configuration; the message says why.</exception>
    public static Configuration Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
            throw new FormatException($"A configuration is at least {HeaderBytes} bytes long.");
        if (bytes[0] != FormatVersion)
            throw new FormatException($"A configuration of format {bytes[0]} is not known here; this binary reads format {FormatVersion}.");
        if (bytes[1] > 1)
            throw new FormatException($"A configuration has unknown flags 0x{bytes[1]:x2}.");
        bool autoLeave = bytes[1] == 1;
        ulong revision = BinaryPrimitives.ReadUInt64LittleEndian(bytes[2..]);
        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        var configuration = new Configuration(Read(ref rest), Read(ref rest), Read(ref rest), autoLeave) 
        {
            LearnersNext = Read(ref rest),
            AutoPromote = Read(ref rest),
            Revision = revision,
        };
        if (!rest.IsEmpty)
            throw new FormatException($"A configuration is followed by {rest.Length} unexpected bytes.");
        return configuration;
    }

    private static void Write(ref Span<byte> into, ImmutableArray<RaftId> ids)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(into, checked((ushort)ids.Length));
        into = into[sizeof(ushort)..];
        foreach (RaftId id in ids)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(into, id.Value);
            into = into[sizeof(ulong)..];
        }
    }

    private static ImmutableArray<RaftId> Read(ref ReadOnlySpan<byte> from)
    {
        if (from.Length < sizeof(ushort))
            throw new FormatException("A configuration ends where a list of members should begin.");
        int count = BinaryPrimitives.ReadUInt16LittleEndian(from);
        from = from[sizeof(ushort)..];
        if (count > Configuration.MembersMax)
            throw new FormatException($"A configuration lists {count} members; at most {Configuration.MembersMax} are allowed.");
        if (from.Length < count * sizeof(ulong))
            throw new FormatException($"A configuration ends within a list of {count} members.");
        ImmutableArray<RaftId>.Builder ids = ImmutableArray.CreateBuilder<RaftId>(count);
        for (int i = 0; i < count; i++)
        {
            ulong id = BinaryPrimitives.ReadUInt64LittleEndian(from);
            if (id == 0)
                throw new FormatException("A configuration lists member 0, which is nobody.");
            ids.Add(new RaftId(id));
            from = from[sizeof(ulong)..];
        }

        return ids.MoveToImmutable();
    }
}
