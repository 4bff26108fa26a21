using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>Greets peers and keeps what they answer.</summary>
internal sealed class RecordingDialler(string name = "node") : IPeerDialler
{
    private readonly int[] _up = new int[3];

    public ConcurrentQueue<(Lane Lane, string Text)> Welcomes { get; } = new();

    public ConcurrentQueue<Lane> Disconnects { get; } = new();

    /// <summary>Called while a welcome is heard.</summary>
    public Action<Lane>? Welcomed { get; set; }

    public bool IsUp(Lane lane) => Volatile.Read(ref _up[(int)lane]) == 1;

    public bool AllUp => IsUp(Lane.Control) && IsUp(Lane.Bulk) && IsUp(Lane.Snapshot);

    public void WriteHello(Lane lane, IBufferWriter<byte> into) => into.Write(Encoding.UTF8.GetBytes($"{name} for {lane}"));

    public bool OnWelcome(Lane lane, ReadOnlySequence<byte> welcome)
    {
        string text = Encoding.UTF8.GetString(welcome);
        Welcomes.Enqueue((lane, text));
        Welcomed?.Invoke(lane);
        bool accepted = text == "welcome";
        Volatile.Write(ref _up[(int)lane], accepted ? 1 : 0);
        return accepted;
    }

    public void OnDisconnected(Lane lane)
    {
        Volatile.Write(ref _up[(int)lane], 0);
        Disconnects.Enqueue(lane);
    }
}
