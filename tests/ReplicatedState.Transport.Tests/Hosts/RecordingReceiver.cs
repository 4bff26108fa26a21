using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Takes streams in and keeps their frames.</summary>
internal sealed class RecordingReceiver : ITransportReceiver
{
    public ConcurrentQueue<Stream> Streams { get; } = new();

    /// <summary>Whether greetings are accepted.</summary>
    public volatile bool Accepts = true;

    /// <summary>Called for each frame before it is kept.</summary>
    public Action<ReadOnlySequence<byte>>? OnFrame { get; set; }

    public IEnumerable<byte[]> Frames(Lane lane) => Streams.Where(stream => stream.Lane == lane).SelectMany(stream => stream.Frames);

    public bool OnHello(Lane lane, ReadOnlySequence<byte> hello, IBufferWriter<byte> welcome, out IFrameSink? sink)
    {
        bool accepts = Accepts;
        welcome.Write(Encoding.UTF8.GetBytes(accepts ? "welcome" : "go away"));
        sink = null;
        if (!accepts)
            return false;
        var stream = new Stream(this, lane, Encoding.UTF8.GetString(hello));
        Streams.Enqueue(stream);
        sink = stream;
        return true;
    }

    internal sealed class Stream(RecordingReceiver owner, Lane lane, string hello) : IFrameSink
    {
        public Lane Lane { get; } = lane;

        public string Hello { get; } = hello;

        public ConcurrentQueue<byte[]> Frames { get; } = new();

        public volatile bool IsClosed;

        public void OnFrame(ReadOnlySequence<byte> frame)
        {
            owner.OnFrame?.Invoke(frame);
            Frames.Enqueue(frame.ToArray());
        }

        public void OnClosed() => IsClosed = true;
    }
}
