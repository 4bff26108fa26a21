using System.Buffers;
using Grpc.Core;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The receiving end of one stream. Frames go to their sink while gRPC deserializes, because only then is its memory readable without a copy.</summary>
/// <remarks>
/// A marshaller knows nothing of the stream that it works for. It finds it in the async context of the handler, which reads the stream
/// and therefore runs the marshaller.
/// </remarks>
internal sealed class LaneReceiver(Lane lane, ITransportReceiver receiver, int frameSizeMax)
{
    private static readonly AsyncLocal<LaneReceiver?> Current = new();
    private IFrameSink? _sink;

    /// <summary>Delivers instead of making messages.</summary>
    public static Marshaller<DeliveredFrames> Marshaller { get; } =
        new((_, _) => throw new NotSupportedException("This side only receives."), Deserialize);

    /// <summary>The answer to the greeting, once it came.</summary>
    public FrameBuffer? Welcome { get; private set; }

    /// <summary>Whether the greeting was accepted.</summary>
    public bool IsAccepted => _sink is not null;

    /// <summary>The stream that the current handler reads is this one.</summary>
    public void Attach() => Current.Value = this;

    /// <summary>The stream ended.</summary>
    public void Close() => _sink?.OnClosed();

    private static DeliveredFrames Deserialize(DeserializationContext context)
    {
        LaneReceiver stream = Current.Value ?? throw new InvalidOperationException("Frames are read by the handler of their stream.");
        stream.Deliver(context.PayloadAsReadOnlySequence());
        return DeliveredFrames.Instance;
    }

    private void Deliver(in ReadOnlySequence<byte> message)
    {
        var reader = new FramesReader(message, frameSizeMax);
        while (reader.TryRead(out ReadOnlySequence<byte> bytes, out bool areDeflated))
        {
            if (areDeflated)
                DeliverDeflated(bytes, reader.InflatedSize);
            else if (_sink is not null)
                _sink.OnFrame(bytes);
            else
                Greet(bytes);
        }
    }

    /// <summary>Only for peers: who has not greeted yet makes nobody inflate anything.</summary>
    private void DeliverDeflated(in ReadOnlySequence<byte> deflated, ulong size)
    {
        if (_sink is null)
            throw new WireFormatException("A greeting is not deflated.");
        using FrameInflater inflated = FrameInflater.Inflate(deflated, size, frameSizeMax + FramesMessage.OverheadMax);
        var reader = new FramesReader(inflated.Fields, frameSizeMax);
        while (reader.TryRead(out ReadOnlySequence<byte> frame, out bool areDeflated))
        {
            if (areDeflated)
                throw new WireFormatException("Frames are deflated twice.");
            _sink.OnFrame(frame);
        }
    }

    private void Greet(in ReadOnlySequence<byte> hello)
    {
        if (Welcome is not null)
            throw new WireFormatException("Frames follow a greeting that was refused.");
        Welcome = FrameBuffer.Rent();
        if (!receiver.OnHello(lane, hello, Welcome, out IFrameSink? sink))
            return;
        _sink = sink ?? throw new InvalidOperationException("An accepted greeting names a sink for its frames.");
    }
}
