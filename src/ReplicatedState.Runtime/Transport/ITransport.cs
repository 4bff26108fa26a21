using System.Buffers;

namespace ReplicatedState.Runtime.Transport;

/// <summary>Moves frames between nodes. It knows nothing of Raft: a frame is bytes, a peer is an address.</summary>
/// <remarks>A node dials every other one; what it sends travels on the streams that it dialled, what it receives on those that others did.</remarks>
public interface ITransport : IDisposable
{
    /// <summary>Starts to accept streams and to hand their frames to <paramref name="receiver"/>.</summary>
    void Start(ITransportReceiver receiver);

    /// <summary>Keeps the three lanes to a node open, reconnecting with jittered backoff, until the link is disposed. Returns at once.</summary>
    /// <param name="address">host:port.</param>
    /// <param name="dialler">Makes the greeting for each new stream and hears the answer.</param>
    IPeerLink Connect(string address, IPeerDialler dialler);
}

/// <summary>The sending side towards one node.</summary>
public interface IPeerLink : IDisposable
{
    /// <summary>The address that was dialled.</summary>
    string Address { get; }

    /// <summary>Hands a frame over; takes ownership of it. Never blocks and never throws: false means that it was dropped, because the lane is down or its buffer full.</summary>
    bool TrySend(Lane lane, FrameBuffer frame);
}

/// <summary>Speaks for this node when a stream to another is opened. Called on a transport thread.</summary>
public interface IPeerDialler
{
    /// <summary>Writes the greeting that opens the stream.</summary>
    void WriteHello(Lane lane, IBufferWriter<byte> into);

    /// <summary>The other side answered the greeting; frames may flow if it accepted.</summary>
    /// <returns>True where this side accepts the answer; false closes the stream, and the link dials again later.</returns>
    bool OnWelcome(Lane lane, ReadOnlySequence<byte> welcome);

    /// <summary>The lane is down: frames were lost, more will be refused until it is up again.</summary>
    void OnDisconnected(Lane lane);
}

/// <summary>The receiving side. Called on transport threads; must not block.</summary>
public interface ITransportReceiver
{
    /// <summary>A stream was opened towards this node. Writes the answer and says whether frames are welcome.</summary>
    /// <param name="lane">Which stream.</param>
    /// <param name="hello">The greeting.</param>
    /// <param name="welcome">Where the answer goes; sent in either case.</param>
    /// <param name="sink">Set when accepted: where the stream's frames go.</param>
    bool OnHello(Lane lane, ReadOnlySequence<byte> hello, IBufferWriter<byte> welcome, out IFrameSink? sink);
}

/// <summary>Takes the frames of one accepted stream, in order.</summary>
public interface IFrameSink
{
    /// <summary>One frame; its memory is valid during the call only.</summary>
    /// <exception cref="WireFormatException">It is malformed: the transport closes the stream and logs why.</exception>
    void OnFrame(ReadOnlySequence<byte> frame);

    /// <summary>The stream ended.</summary>
    void OnClosed();
}
