using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>What a member tells its leader about itself beyond what Raft needs: a courtesy, which may be lost.</summary>
/// <param name="Group">The group.</param>
/// <param name="SnapshotIndex">Where the member's newest snapshot stands.</param>
/// <param name="Refusal">Why it takes no entries, as a sentence; empty while it takes them.</param>
internal readonly record struct ReplicaReport(GroupId Group, ulong SnapshotIndex, string Refusal)
{
    /// <summary>Writes the report as the body of a frame.</summary>
    public void Write(FrameBuffer frame)
    {
        var writer = new WireWriter(frame);
        writer.Varint(Group.Value);
        writer.Varint(SnapshotIndex);
        writer.Text(Refusal);
    }

    /// <summary>Reads a report.</summary>
    /// <exception cref="WireFormatException">The bytes are none.</exception>
    public static ReplicaReport Read(in ReadOnlySequence<byte> body)
    {
        var reader = new WireReader(body);
        var report = new ReplicaReport(new GroupId((uint)reader.Count(int.MaxValue, "The group's id")), reader.Varint(), reader.Text("The refusal"));
        return reader.End ? report : throw new WireFormatException("A report of a member is followed by unexpected bytes.");
    }
}
