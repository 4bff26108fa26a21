using System.IO.Compression;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>Deflates whole messages of one lane, where that makes them smaller. Used by one flow at a time.</summary>
/// <remarks>
/// Not gRPC's own compression: that would deflate a message whether or not it gets smaller, at a level of its own choosing, through memory that nobody pools, and
/// would inflate on the other side without a limit but the cap on messages.
/// </remarks>
internal sealed class FrameDeflater(int level) : IDisposable
{
    /// <summary>Smaller messages stay as they are: deflate's own overhead, and its time, outweigh what they could save.</summary>
    public const int MessageSizeMin = 1024;

    /// <summary>What is kept from one message to the next; a large frame needs more for once.</summary>
    private const int KeptBytesMax = 512 * 1024;

    private readonly ZLibCompressionOptions _options = new() { CompressionLevel = level };
    private MemoryStream _deflated = new();

    /// <summary>The deflated bytes of the frames as fields of <c>peer.proto</c>, valid until the next call; empty where they are not worth it.</summary>
    public ReadOnlyMemory<byte> Deflate(FramesMessage message)
    {
        if (message.Size < MessageSizeMin)
            return default;
        if (_deflated.Capacity > KeptBytesMax)
            _deflated = new MemoryStream();
        _deflated.SetLength(0);
        using (var deflate = new DeflateStream(_deflated, _options, leaveOpen: true))
            message.WriteFramesTo(deflate);
        ReadOnlyMemory<byte> bytes = _deflated.GetBuffer().AsMemory(0, (int)_deflated.Length);
        return FramesMessage.SizeOfDeflated(message.Size, bytes.Length) < message.Size ? bytes : default;
    }

    /// <inheritdoc/>
    public void Dispose() => _deflated.Dispose();
}
