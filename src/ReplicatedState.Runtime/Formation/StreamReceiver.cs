using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Formation;

/// <summary>Answers the streams that other nodes open towards this one. On transport threads.</summary>
internal sealed class StreamReceiver(NodeContext node) : ITransportReceiver
{
    private string? _lastRefusal;

    /// <inheritdoc/>
    public bool OnHello(Lane lane, ReadOnlySequence<byte> hello, IBufferWriter<byte> welcome, out IFrameSink? sink)
    {
        sink = null;
        string? refusal;
        RaftId from = default;
        try
        {
            Greeting greeting = Greeting.Read(FrameKind.Hello, hello);
            from = greeting.Node;
            refusal = node.IsStopped ? node.StopSentence : node.Handshake.Judge(greeting);
            if (refusal is null)
            {
                node.Handshake.Remember(greeting);
                if (lane == Lane.Control)
                    node.Supervisor.Wake();
            }
        }
        catch (WireFormatException malformed)
        {
            refusal = malformed.Message;
        }

        node.Handshake.Own(refusal).Write(FrameKind.Welcome, welcome);
        if (refusal is not null)
        {
            if (Interlocked.Exchange(ref _lastRefusal, refusal) != refusal)
                node.Log.Refused(refusal);
            return false;
        }

        sink = new PeerFrameSink(node, from);
        return true;
    }
}
