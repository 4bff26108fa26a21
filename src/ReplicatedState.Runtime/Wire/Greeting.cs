using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>What two nodes tell each other when a stream is opened: who they are, which cluster they belong to, and what they speak.</summary>
/// <param name="Cluster">The cluster's GUID; null for a node that belongs to none yet.</param>
/// <param name="Epoch">The cluster's epoch.</param>
/// <param name="Node">The RaftId.</param>
/// <param name="ClusterLabel">The configured <c>cluster_id</c>.</param>
/// <param name="Name">The node's name.</param>
/// <param name="PeerAddress">Where other nodes reach it.</param>
/// <param name="HttpAddress">Where HTTP clients reach it; may be empty.</param>
/// <param name="WireMin">The oldest wire version that it speaks.</param>
/// <param name="WireMax">The newest.</param>
/// <param name="PeerNames">The configured members, itself among them, sorted by ordinal.</param>
/// <param name="Machines">The machines of its binary.</param>
/// <param name="Refusal">In answers: why the stream is refused; null where it is accepted.</param>
internal sealed record Greeting(
    Guid? Cluster,
    uint Epoch,
    RaftId Node,
    string ClusterLabel,
    string Name,
    string PeerAddress,
    string HttpAddress,
    byte WireMin,
    byte WireMax,
    IReadOnlyList<string> PeerNames,
    IReadOnlyList<MachineVersion> Machines,
    string? Refusal = null)
{
    private const int ListMax = 1024;
    private const int GreetingBytesMax = 256 * 1024;

    /// <summary>Encodes the greeting as a frame of the given kind.</summary>
    public void Write(FrameKind kind, IBufferWriter<byte> into)
    {
        using FrameBuffer frame = FrameHeader.RentFrame();
        var writer = new WireWriter(frame);
        writer.Text(ClusterLabel);
        writer.Text(Name);
        writer.Text(PeerAddress);
        writer.Text(HttpAddress);
        writer.Byte(WireMin);
        writer.Byte(WireMax);
        writer.Varint((ulong)PeerNames.Count);
        foreach (string peer in PeerNames)
            writer.Text(peer);
        writer.Varint((ulong)Machines.Count);
        foreach (MachineVersion machine in Machines)
        {
            writer.Text(machine.Name);
            writer.Varint((ulong)machine.Version);
            writer.UInt64(machine.SchemaHash);
        }

        writer.Text(Refusal ?? "");
        new FrameHeader(FrameHeader.VersionMin, kind, Cluster ?? Guid.Empty, Epoch, Node, RaftId.None).Seal(frame);
        into.Write(frame.Written.Span);
    }

    /// <summary>Decodes a greeting.</summary>
    /// <exception cref="WireFormatException">The bytes are no greeting of that kind.</exception>
    public static Greeting Read(FrameKind kind, in ReadOnlySequence<byte> frame)
    {
        FrameHeader header = FrameHeader.Open(frame, GreetingBytesMax, out ReadOnlySequence<byte> body);
        if (header.Kind != kind)
            throw new WireFormatException($"A stream opens with a frame of kind {kind}, not {header.Kind}.");
        if (header.From.IsNone)
            throw new WireFormatException("A greeting comes from a node, and this one names none.");
        var reader = new WireReader(body);
        string label = reader.Text("The cluster's label");
        string name = reader.Text("The node's name");
        string peerAddress = reader.Text("The address");
        string httpAddress = reader.Text("The HTTP address");
        byte wireMin = reader.Byte();
        byte wireMax = reader.Byte();
        var peers = new string[reader.Count(ListMax, "The number of peers")];
        for (int i = 0; i < peers.Length; i++)
            peers[i] = reader.Text("A peer's name");
        var machines = new MachineVersion[reader.Count(ListMax, "The number of machines")];
        for (int i = 0; i < machines.Length; i++)
            machines[i] = new MachineVersion(reader.Text("A machine's name"), reader.Count(int.MaxValue, "A machine's version"), reader.UInt64());
        string refusal = reader.Text("The refusal");
        return new Greeting(
            header.Cluster == Guid.Empty ? null : header.Cluster,
            header.Epoch,
            header.From,
            label,
            name,
            peerAddress,
            httpAddress,
            wireMin,
            wireMax,
            peers,
            machines,
            refusal.Length == 0 ? null : refusal);
    }
}

/// <summary>One machine of a node's binary.</summary>
internal readonly record struct MachineVersion(string Name, int Version, ulong SchemaHash);
