using System.Buffers;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>One node's transport in one of its lives: streams to other nodes over the simulated network.</summary>
internal sealed class SimulatedTransport(SimulatedStreams streams, int node) : ITransport
{
    /// <summary>Who takes the streams that others open; null before the start and after the end.</summary>
    public ITransportReceiver? Receiver { get; private set; }

    public int Node => node;

    public List<SimulatedLink> Links { get; } = [];

    public void Start(ITransportReceiver receiver) => Receiver = receiver;

    public IPeerLink Connect(string address, IPeerDialler dialler)
    {
        var link = new SimulatedLink(streams, this, address, dialler);
        Links.Add(link);
        link.Open();
        return link;
    }

    public void Dispose() => Receiver = null;
}

/// <summary>The three streams from one node to another. Each keeps its order, and breaks as a whole: frames are lost only with their stream.</summary>
internal sealed class SimulatedLink(SimulatedStreams streams, SimulatedTransport from, string address, IPeerDialler dialler) : IPeerLink
{
    private const int BufferedFramesMax = 512;
    private readonly Stream[] _lanes = [new(), new(), new()];
    private bool _disposed;

    public string Address => address;

    public SimulatedTransport From => from;

    public int To { get; } = SimulatedStreams.NodeAt(address);

    public void Open()
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
            streams.PlanDial(this, (Lane)lane);
    }

    public bool TrySend(Lane lane, FrameBuffer frame)
    {
        Stream stream = _lanes[(int)lane];
        using (frame)
        {
            if (_disposed || stream.Sink is null || stream.Buffered >= BufferedFramesMax)
                return false;
            stream.Buffered++;
            stream.LastArrivalUs = streams.PlanArrival(this, lane, stream.Generation, frame.Written.ToArray(), stream.LastArrivalUs);
            return true;
        }
    }

    /// <summary>Tries to open a stream; plans another attempt where it fails.</summary>
    public void Dial(Lane lane)
    {
        Stream stream = _lanes[(int)lane];
        if (_disposed || from.Receiver is null || stream.Sink is not null)
            return;
        if (streams.ReceiverAt(from.Node, To) is { } receiver)
        {
            var hello = new ArrayBufferWriter<byte>();
            dialler.WriteHello(lane, hello);
            var welcome = new ArrayBufferWriter<byte>();
            bool accepted = receiver.Receiver!.OnHello(lane, new ReadOnlySequence<byte>(hello.WrittenMemory), welcome, out IFrameSink? sink);
            if (dialler.OnWelcome(lane, new ReadOnlySequence<byte>(welcome.WrittenMemory)) && accepted && sink is not null)
            {
                stream.Generation++;
                stream.Sink = sink;
                stream.Peer = receiver;
                return;
            }

            sink?.OnClosed();
        }

        streams.PlanDial(this, lane);
    }

    /// <summary>A frame arrives, if its stream still stands.</summary>
    public void Arrive(Lane lane, int generation, byte[] frame)
    {
        Stream stream = _lanes[(int)lane];
        if (stream.Generation != generation || stream.Sink is null)
            return;
        stream.Buffered--;
        if (streams.ReachedFrom(from.Node, To) is not { } receiver || !ReferenceEquals(receiver, stream.Peer))
            Break(lane);
        else if (streams.Corrupts(frame))
            ArriveCorrupted(lane, stream.Sink, frame);
        else
            stream.Sink.OnFrame(new ReadOnlySequence<byte>(frame));
    }

    private void ArriveCorrupted(Lane lane, IFrameSink sink, byte[] frame)
    {
        streams.Corrupt(frame);
        try
        {
            sink.OnFrame(new ReadOnlySequence<byte>(frame));
        }
        catch (WireFormatException)
        {
            Break(lane);
            return;
        }

        if (!streams.HasStopped(To))
            throw new SimulationViolationException("wire", $"n{To + 1} takes a frame of which a bit was flipped on its way from n{from.Node + 1}");
    }

    /// <summary>A stream ends; both sides hear of it, and it is dialled again.</summary>
    public void Break(Lane lane)
    {
        Stream stream = _lanes[(int)lane];
        if (stream.Sink is not { } sink)
            return;
        stream.Sink = null;
        stream.Buffered = 0;
        stream.Generation++;
        if (stream.Peer?.Receiver is not null)
            sink.OnClosed();
        stream.Peer = null;
        if (_disposed || from.Receiver is null)
            return;
        dialler.OnDisconnected(lane);
        streams.PlanDial(this, lane);
    }

    /// <summary>The node at the other end is gone: what stands towards it breaks.</summary>
    public void OnPeerGone(SimulatedTransport peer)
    {
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            if (ReferenceEquals(_lanes[lane].Peer, peer))
                Break((Lane)lane);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        for (int lane = 0; lane < _lanes.Length; lane++)
            Break((Lane)lane);
    }

    private sealed class Stream
    {
        public IFrameSink? Sink;
        public SimulatedTransport? Peer;
        public int Generation;
        public int Buffered;
        public long LastArrivalUs;
    }
}
