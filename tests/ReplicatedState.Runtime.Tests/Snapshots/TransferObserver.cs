using System.Buffers;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Runtime.Wire;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Snapshots;

/// <summary>Sees every piece of every transfer on a cluster's network, and may decide what becomes of it.</summary>
internal sealed class TransferObserver
{
    public TransferObserver(TestCluster cluster) => cluster.Network.Judge = (from, to, _, frame) => OnFrame(from, to, frame);

    /// <summary>The pieces in the order in which they were sent.</summary>
    public List<(string From, string To, SnapshotMessage Message)> Seen { get; } = [];

    /// <summary>Decides on a piece, which is the last of <see cref="Seen"/>.</summary>
    public Func<SnapshotMessage, FrameFate> Fate { get; set; } = _ => FrameFate.Arrives;

    /// <summary>How many pieces of a kind were sent.</summary>
    public int Count(SnapshotMessageKind kind) => Seen.Count(seen => seen.Message.Kind == kind);

    private FrameFate OnFrame(string from, string to, ReadOnlySpan<byte> frame)
    {
        FrameHeader header = FrameHeader.Open(new ReadOnlySequence<byte>(frame.ToArray()), int.MaxValue, out ReadOnlySequence<byte> body);
        if (header.Kind != FrameKind.Snapshot)
            return FrameFate.Arrives;
        var reader = new WireReader(body);
        SnapshotMessage message = SnapshotMessage.Read(ref reader);
        Seen.Add((from, to, message));
        return Fate(message);
    }
}
