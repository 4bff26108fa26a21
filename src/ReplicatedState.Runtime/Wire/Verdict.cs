using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>What a leader found out about a member's hashes. The numbers are on the wire.</summary>
internal enum VerdictKind : byte
{
    /// <summary>They are equal.</summary>
    Equal = 1,

    /// <summary>They differ, and who is right isn't known yet.</summary>
    Doubt = 2,

    /// <summary>They differ, and a majority of the voters has what the leader has.</summary>
    Minority = 3,

    /// <summary>They differ, and nothing is held by a majority.</summary>
    NoMajority = 4,
}

/// <summary>Which hash of a state machine is compared. The numbers are on the wire.</summary>
internal enum HashKind : byte
{
    /// <summary>That of everything that was applied.</summary>
    Apply = 1,

    /// <summary>That of the state itself.</summary>
    State = 2,
}

/// <summary>A leader's judgement of a member's state machine; said again until the member shows that it has heard it.</summary>
/// <param name="Group">The group.</param>
/// <param name="Term">The leader's term.</param>
/// <param name="Kind">What was found.</param>
/// <param name="Hash">Of which hash.</param>
/// <param name="At">The index, and what is right there; for <see cref="VerdictKind.Doubt"/> and <see cref="VerdictKind.NoMajority"/> what the leader has.</param>
internal readonly record struct Verdict(GroupId Group, ulong Term, VerdictKind Kind, HashKind Hash, HashCheckpoint At)
{
    /// <summary>Writes it as the body of a frame.</summary>
    public void Write(FrameBuffer frame)
    {
        var writer = new WireWriter(frame);
        writer.Varint(Group.Value);
        writer.Varint(Term);
        writer.Byte((byte)Kind);
        writer.Byte((byte)Hash);
        MessageCodec.WriteCheckpoint(writer, At);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="WireFormatException">The bytes are none.</exception>
    public static Verdict Read(in ReadOnlySequence<byte> body)
    {
        var reader = new WireReader(body);
        var verdict = new Verdict(
            new GroupId((uint)reader.Count(int.MaxValue, "The group's id")),
            reader.Varint(),
            (VerdictKind)reader.Byte(),
            (HashKind)reader.Byte(),
            MessageCodec.ReadCheckpoint(ref reader));
        if (verdict.Kind is < VerdictKind.Equal or > VerdictKind.NoMajority || verdict.Hash is < HashKind.Apply or > HashKind.State)
            throw new WireFormatException($"There is no verdict {(byte)verdict.Kind} on a hash {(byte)verdict.Hash}.");
        return reader.End ? verdict : throw new WireFormatException("A verdict is followed by unexpected bytes.");
    }
}
