using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Distrust;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>What a member tells its leader about itself beyond what Raft needs. It may be lost, and is said again while anything is wrong.</summary>
/// <param name="Group">The group.</param>
/// <param name="SnapshotIndex">Where the member's newest snapshot stands.</param>
/// <param name="Refusal">Why it takes no entries, as a sentence; empty while it takes them.</param>
internal readonly record struct ReplicaReport(GroupId Group, ulong SnapshotIndex, string Refusal)
{
    /// <summary>What its machine is worth.</summary>
    public ReplicaStanding Standing { get; init; }

    /// <summary>Why it isn't trusted, as a sentence; empty while it is.</summary>
    public string Distrust { get; init; } = "";

    /// <summary>Quarantined: the least index of a snapshot that it wants; 0 where it wants none. Proving: the index from which on its hash has to be found right. Doubted: of which <see cref="HashKind"/>.</summary>
    public ulong Since { get; init; }

    /// <summary>The hash of its whole state at the last index where that was asked for; default where it never was.</summary>
    public HashCheckpoint State { get; init; }

    /// <summary>Whether anything is wrong, so that it has to be said again and again.</summary>
    public bool IsTrouble => Refusal.Length > 0 || Standing != ReplicaStanding.Trusted;

    /// <summary>Writes the report as the body of a frame.</summary>
    public void Write(FrameBuffer frame)
    {
        var writer = new WireWriter(frame);
        writer.Varint(Group.Value);
        writer.Varint(SnapshotIndex);
        writer.Text(Refusal);
        writer.Byte((byte)Standing);
        writer.Text(Distrust);
        writer.Varint(Since);
        MessageCodec.WriteCheckpoint(writer, State);
    }

    /// <summary>Reads a report.</summary>
    /// <exception cref="WireFormatException">The bytes are none.</exception>
    public static ReplicaReport Read(in ReadOnlySequence<byte> body)
    {
        var reader = new WireReader(body);
        var report = new ReplicaReport(new GroupId((uint)reader.Count(int.MaxValue, "The group's id")), reader.Varint(), reader.Text("The refusal"))
        {
            Standing = (ReplicaStanding)reader.Byte(),
            Distrust = reader.Text("Why it isn't trusted"),
            Since = reader.Varint(),
            State = MessageCodec.ReadCheckpoint(ref reader),
        };
        if (report.Standing > ReplicaStanding.Proving)
            throw new WireFormatException($"There is no standing {(byte)report.Standing}.");
        return reader.End ? report : throw new WireFormatException("A report of a member is followed by unexpected bytes.");
    }
}
