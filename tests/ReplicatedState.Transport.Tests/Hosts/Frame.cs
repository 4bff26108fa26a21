using System.Buffers;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Makes frames.</summary>
internal static class Frame
{
    public static FrameBuffer Of(ReadOnlySpan<byte> bytes)
    {
        FrameBuffer frame = FrameBuffer.Rent();
        frame.Write(bytes);
        return frame;
    }

    /// <summary>Bytes that differ by place and by number, so that any mix-up shows.</summary>
    public static byte[] Content(int number, int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
            bytes[i] = (byte)((i * 31) + (i >> 8) + number);
        return bytes;
    }
}
