using System.Buffers;
using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The message <c>Frames</c> of <c>peer.proto</c> on its way out: the frames that were waiting, written to gRPC's buffer without another copy.</summary>
internal sealed class FramesMessage
{
    /// <summary>The most that a message with one frame is larger than the frame: a tag and a length.</summary>
    public const int OverheadMax = 1 + 5;

    private const int DataField = 1;
    private readonly List<FrameBuffer> _frames = [];

    public static Marshaller<FramesMessage> Marshaller { get; } = new(Serialize, _ => throw new NotSupportedException("This side only sends."));

    /// <summary>The encoded size in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>How large a frame is within a message.</summary>
    public static int SizeOf(FrameBuffer frame) => ProtoWriter.SizeOfFrame(frame.Length);

    /// <summary>Takes a frame over.</summary>
    public void Add(FrameBuffer frame)
    {
        _frames.Add(frame);
        Size += SizeOf(frame);
    }

    /// <summary>Returns the frames to their pool; the message can be filled again.</summary>
    public void Clear()
    {
        foreach (FrameBuffer frame in _frames)
            frame.Dispose();
        _frames.Clear();
        Size = 0;
    }

    private static void Serialize(FramesMessage message, SerializationContext context)
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

        context.Complete();
    }
}
