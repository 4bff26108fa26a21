using System.Buffers;
using System.IO.Compression;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The other side of <see cref="FrameDeflater"/>: a message's deflated fields, inflated into pooled memory of the announced size and not a byte more.</summary>
internal readonly struct FrameInflater : IDisposable
{
    private readonly byte[] _bytes;
    private readonly int _length;

    private FrameInflater(byte[] bytes, int length)
    {
        _bytes = bytes;
        _length = length;
    }

    /// <summary>The fields of <c>peer.proto</c>.</summary>
    public ReadOnlySequence<byte> Fields => new(_bytes, 0, _length);

    /// <summary>Inflates; dispose the result when its frames were delivered.</summary>
    /// <param name="deflated">What was received.</param>
    /// <param name="size">What the sender says it had before.</param>
    /// <param name="sizeMax">The most that a sender may say.</param>
    /// <exception cref="WireFormatException">The bytes are no deflated message of that size, or it is larger than allowed.</exception>
    public static FrameInflater Inflate(in ReadOnlySequence<byte> deflated, ulong size, int sizeMax)
    {
        if (size > (ulong)sizeMax)
            throw new WireFormatException($"A deflated message announces {size} bytes; at most {sizeMax} are accepted.");
        int length = (int)size;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length + 1);
        byte[] source = ArrayPool<byte>.Shared.Rent((int)deflated.Length);
        try
        {
            deflated.CopyTo(source);
            using var inflate = new DeflateStream(new MemoryStream(source, 0, (int)deflated.Length, writable: false), CompressionMode.Decompress);

            // One byte more than announced, to see whether there is one.
            int inflated = inflate.ReadAtLeast(bytes.AsSpan(0, length + 1), length + 1, throwOnEndOfStream: false);
            if (inflated != length)
                throw new WireFormatException($"A deflated message announces {length} bytes and has {(inflated < length ? inflated.ToString() : "more")}.");
            return new FrameInflater(bytes, length);
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw e as WireFormatException ?? new WireFormatException($"A message can't be inflated: {e.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }

    /// <summary>Returns the memory.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
