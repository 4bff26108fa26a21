using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing;

/// <summary>A network of nodes in one process, on virtual time: frames take a while, arrive in pieces of memory, and go nowhere where a direction is cut.</summary>
/// <remarks>Single-threaded: the owner calls <see cref="RunDue"/> as time passes. Equal seeds make equal runs.</remarks>
public sealed class InMemoryNetwork(VirtualClock clock, SeededRandom random)
{
    private readonly PriorityQueue<Action, (long AtUs, long Order)> _events = new();
    private readonly SortedDictionary<string, InMemoryTransport> _listening = new(StringComparer.Ordinal);
    private readonly HashSet<(string From, string To)> _cut = [];
    private long _order;

    /// <summary>The least time that a frame takes, in microseconds.</summary>
    public int DelayUsMin { get; set; } = 100;

    /// <summary>The most. Frames of one lane stay in order, whatever they take.</summary>
    public int DelayUsMax { get; set; } = 300;

    /// <summary>How many of a thousand frames are lost.</summary>
    public int LossPerMille { get; set; }

    /// <summary>Frames delivered so far.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Lanes that stand now.</summary>
    public int LanesOpen { get; internal set; }

    /// <summary>When the next thing happens, in microseconds of the clock; <see cref="long.MaxValue"/> where nothing will.</summary>
    public long NextEventUs => _events.TryPeek(out _, out (long AtUs, long) at) ? at.AtUs : long.MaxValue;

    /// <summary>The transport of the node at an address, host:port.</summary>
    public ITransport CreateTransport(string address) => new InMemoryTransport(this, address);

    /// <summary>Lets nothing through from one address to another, until <see cref="Heal"/>.</summary>
    public void Cut(string from, string to) => _cut.Add((from, to));

    /// <summary>Cuts both directions between one address and all others.</summary>
    public void Isolate(string address, IEnumerable<string> others)
    {
        foreach (string other in others)
        {
            Cut(address, other);
            Cut(other, address);
        }
    }

    /// <summary>Lets everything through again.</summary>
    public void Heal() => _cut.Clear();

    /// <summary>Does everything that is due now.</summary>
    public void RunDue()
    {
        while (NextEventUs <= clock.NowUs)
            _events.Dequeue()();
    }

    /// <summary>Decides on single frames, for tests that need more than chance; null: all arrive.</summary>
    internal FrameJudge? Judge { get; set; }

    internal SeededRandom Random => random;

    internal long NowUs => clock.NowUs;

    internal bool IsCut(string from, string to) => _cut.Contains((from, to));

    internal int DrawDelayUs() => random.Between(DelayUsMin, Math.Max(DelayUsMin, DelayUsMax));

    internal void At(long us, Action action) => _events.Enqueue(action, (Math.Max(us, clock.NowUs), _order++));

    internal void Listen(InMemoryTransport transport) => _listening[transport.Address] = transport;

    internal void Forget(InMemoryTransport transport)
    {
        if (_listening.TryGetValue(transport.Address, out InMemoryTransport? present) && ReferenceEquals(present, transport))
            _listening.Remove(transport.Address);
    }

    internal InMemoryTransport? ListeningAt(string address) => _listening.GetValueOrDefault(address);
}
