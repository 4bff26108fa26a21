using System.Buffers;
using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>
/// The message <c>Frames</c> of <c>peer.proto</c> on its way out: the frames that were waiting, written to gRPC's buffer without another copy, or deflated.
/// </summary>
internal sealed class FramesMessage
{
    /// <summary>The most that a message with one frame is larger than the frame: a tag and a length.</summary>
    public const int OverheadMax = 1 + 5;

    private const int DataField = 1;
    private const int InflatedSizeField = 2;
    private const int DeflatedField = 3;
    private readonly List<FrameBuffer> _frames = [];
    private ReadOnlyMemory<byte> _deflated;

    public static Marshaller<FramesMessage> Marshaller { get; } = new(Serialize, _ => throw new NotSupportedException("This side only sends."));

    /// <summary>The encoded size in bytes of the frames as they are.</summary>
    public int Size { get; private set; }

    /// <summary>How large a message is with its frames deflated.</summary>
    public static int SizeOfDeflated(int size, int deflated) => ProtoWriter.SizeOfField((ulong)size) + ProtoWriter.SizeOfField(deflated);

    /// <summary>How large a frame is within a message.</summary>
    public static int SizeOf(FrameBuffer frame) => ProtoWriter.SizeOfFrame(frame.Length);

    /// <summary>Takes a frame over.</summary>
    public void Add(FrameBuffer frame)
    {
        _frames.Add(frame);
        Size += SizeOf(frame);
    }

    /// <summary>Sends the frames deflated, where that makes the message smaller.</summary>
    public void Deflate(FrameDeflater deflater) => _deflated = deflater.Deflate(this);

    /// <summary>Writes the frames as the message holds them.</summary>
    public void WriteFramesTo(Stream stream)
    {
        Span<byte> room = stackalloc byte[OverheadMax];
        foreach (FrameBuffer frame in _frames)
        {
            var header = new ProtoWriter(room);
            header.Frame(DataField, frame.Length);
            stream.Write(room[..header.Position]);
            stream.Write(frame.Written.Span);
        }
    }

    /// <summary>Returns the frames to their pool; the message can be filled again.</summary>
    public void Clear()
    {
        foreach (FrameBuffer frame in _frames)
            frame.Dispose();
        _frames.Clear();
        _deflated = default;
        Size = 0;
    }

    private static void Serialize(FramesMessage message, SerializationContext context)
    {
        if (message._deflated.IsEmpty)
            SerializeFrames(message, context);
        else
            SerializeDeflated(message, context);
        context.Complete();
    }

    private static void SerializeDeflated(FramesMessage message, SerializationContext context)
    {
        int size = SizeOfDeflated(message.Size, message._deflated.Length);
        context.SetPayloadLength(size);
        IBufferWriter<byte> output = context.GetBufferWriter();
        var fields = new ProtoWriter(output.GetSpan(size));
        fields.Field(InflatedSizeField, (ulong)message.Size);
        fields.Field(DeflatedField, message._deflated.Span);
        output.Advance(fields.Position);
    }

    private static void SerializeFrames(FramesMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.Size);
        IBufferWriter<byte> output = context.GetBufferWriter();
        foreach (FrameBuffer frame in message._frames)
        {
            var header = new ProtoWriter(output.GetSpan(OverheadMax));
            header.Frame(DataField, frame.Length);
            output.Advance(header.Position);
            output.Write(frame.Written.Span);
        }
    }
}
