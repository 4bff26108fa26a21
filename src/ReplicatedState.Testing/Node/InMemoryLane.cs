using System.Buffers;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing;

/// <summary>One lane: dials until it is accepted, delivers frames in order, and starts anew when it breaks.</summary>
internal sealed class InMemoryLane(InMemoryNetwork network, InMemoryTransport from, string address, Lane lane, IPeerDialler dialler) : IDisposable
{
    private const int RedialUs = 50_000;
    private const int BufferedFramesMax = 1024;
    private const int LateUs = 5_000;
    private InMemoryTransport? _to;
    private IFrameSink? _sink;
    private long _lastArrivalUs;
    private int _underWay;
    private int _connection;
    private bool _disposed;

    public void DialLater() => network.At(network.NowUs + network.DrawDelayUs(), Dial);

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (_sink is null || _underWay >= BufferedFramesMax)
            return false;
        FrameFate fate = network.Judge?.Invoke(from.Address, address, lane, frame) ?? FrameFate.Arrives;
        // What is lost on the way was sent all the same: the sender learns nothing.
        if (network.IsCut(from.Address, address) || network.Random.Chance(network.LossPerMille))
            return true;
        if (fate == FrameFate.Lost)
            return true;
        byte[] copy = frame.ToArray();
        long arrivalUs = Math.Max(_lastArrivalUs, network.NowUs + network.DrawDelayUs());
        if (fate == FrameFate.Late)
        {
            PlanArrival(copy, arrivalUs + LateUs);
            return true;
        }

        _lastArrivalUs = arrivalUs;
        PlanArrival(copy, arrivalUs);
        if (fate == FrameFate.Doubled)
            PlanArrival(copy, arrivalUs);
        return true;
    }

    /// <summary>The connection is gone: both ends hear of it, and the dialler tries again.</summary>
    public void Break()
    {
        if (_sink is null)
            return;
        IFrameSink sink = _sink;
        _sink = null;
        network.LanesOpen--;
        _connection++;
        _underWay = 0;
        _to?.Release(this);
        _to = null;
        sink.OnClosed();
        dialler.OnDisconnected(lane);
        if (!_disposed)
            network.At(network.NowUs + RedialUs, Dial);
    }

    public void Dispose()
    {
        _disposed = true;
        Break();
    }

    private void PlanArrival(byte[] frame, long atUs)
    {
        int connection = _connection;
        _underWay++;
        network.At(atUs, () => Deliver(frame, connection));
    }

    private void Dial()
    {
        if (_disposed || _sink is not null)
            return;
        if (network.ListeningAt(address) is not { Receiver: { } receiver } to || network.IsCut(from.Address, address) || network.IsCut(address, from.Address))
        {
            network.At(network.NowUs + RedialUs, Dial);
            return;
        }

        var hello = new ArrayBufferWriter<byte>();
        dialler.WriteHello(lane, hello);
        var welcome = new ArrayBufferWriter<byte>();
        bool accepted = receiver.OnHello(lane, InPieces(hello.WrittenMemory.ToArray()), welcome, out IFrameSink? sink);
        if (!dialler.OnWelcome(lane, InPieces(welcome.WrittenMemory.ToArray())) || !accepted)
        {
            sink?.OnClosed();
            network.At(network.NowUs + RedialUs, Dial);
            return;
        }

        _to = to;
        _sink = sink;
        network.LanesOpen++;
        to.Accept(this);
    }

    private void Deliver(byte[] frame, int connection)
    {
        if (connection != _connection || _sink is not { } sink)
            return;
        _underWay--;
        network.Delivered++;
        try
        {
            sink.OnFrame(InPieces(frame));
        }
        catch (WireFormatException)
        {
            // As the contract says: the stream that carried it is closed.
            Break();
        }
    }

    /// <summary>Real transports hand frames over in segments wherever their buffers end, so this one does too.</summary>
    private ReadOnlySequence<byte> InPieces(byte[] bytes)
    {
        if (bytes.Length < 2 || network.Random.Chance(500))
            return new ReadOnlySequence<byte>(bytes);
        int cut = network.Random.Between(1, bytes.Length - 1);
        var first = new Piece(bytes.AsMemory(0, cut));
        Piece last = first.Append(bytes.AsMemory(cut));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
