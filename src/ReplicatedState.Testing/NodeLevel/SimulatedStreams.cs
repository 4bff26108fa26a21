using System.Globalization;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>All streams between the nodes of a simulation: who listens where, how long things take, what a cut link does.</summary>
internal sealed class SimulatedStreams(VirtualClock clock, SimulatedNetwork network, SeededRandom random, int nodes, Action<long, StreamEvent> plan, int corruptedPerMillion, FaultCounts counts)
{
    private readonly SimulatedTransport?[] _transports = new SimulatedTransport?[nodes];

    /// <summary>Whether a node has stopped, or is about to: it takes everything, and looks at nothing.</summary>
    public required Func<int, bool> HasStopped { get; init; }

    /// <summary>The address of a node.</summary>
    public static string AddressOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node{node + 1}:1000");

    /// <summary>The node at an address.</summary>
    public static int NodeAt(string address) => int.Parse(address.AsSpan(4, address.IndexOf(':', StringComparison.Ordinal) - 4), CultureInfo.InvariantCulture) - 1;

    /// <summary>A node's transport for its new life.</summary>
    public SimulatedTransport NewTransport(int node) => _transports[node] = new SimulatedTransport(this, node);

    /// <summary>A node has lost power: its streams and those towards it are gone.</summary>
    public void Crash(int node)
    {
        if (_transports[node] is not { } gone)
            return;
        _transports[node] = null;
        gone.Dispose();
        foreach (SimulatedLink link in gone.Links)
            link.Dispose();
        foreach (SimulatedTransport? other in _transports)
        {
            foreach (SimulatedLink link in other?.Links ?? [])
                link.OnPeerGone(gone);
        }
    }

    /// <summary>Breaks a stream at random, as an idle timeout or a proxy would.</summary>
    public void BreakOne()
    {
        if (_transports[random.Between(0, nodes - 1)] is { Links: { Count: > 0 } links })
            links[random.Between(0, links.Count - 1)].Break((Lane)random.Between(0, 2));
    }

    /// <summary>The node's transport, if it listens and the way there and back is open.</summary>
    public SimulatedTransport? ReceiverAt(int from, int to) =>
        network.IsOpen(from, to) && network.IsOpen(to, from) && _transports[to] is { Receiver: not null } transport ? transport : null;

    /// <summary>The node's transport, if it listens and the way there is open; the way back may not be.</summary>
    public SimulatedTransport? ReachedFrom(int from, int to) =>
        network.IsOpen(from, to) && _transports[to] is { Receiver: not null } transport ? transport : null;

    /// <summary>Whether this frame is to arrive damaged.</summary>
    public bool Corrupts(byte[] frame) => corruptedPerMillion > 0 && frame.Length > 0 && random.Next(1_000_000) < (uint)corruptedPerMillion;

    /// <summary>Flips a bit. The receiver must refuse the frame, whichever bit it was.</summary>
    public void Corrupt(byte[] frame)
    {
        frame[random.Next((uint)frame.Length)] ^= (byte)(1 << (int)random.Next(8));
        counts.Add(SimulatedFault.CorruptedFrame);
    }

    public void PlanDial(SimulatedLink link, Lane lane) =>
        plan(clock.NowUs + random.Between(1_000, 200_000), new StreamEvent(link, lane, 0, null));

    /// <summary>Plans a frame's arrival, never before that of the frame before it; returns when.</summary>
    public long PlanArrival(SimulatedLink link, Lane lane, int generation, byte[] frame, long afterUs)
    {
        long atUs = Math.Max(afterUs, clock.NowUs + random.Between(network.Faults.DelayUsMin, network.Faults.DelayUsMax));
        if (random.Chance(network.Faults.LatePerMille))
            atUs += random.Between(0, network.Faults.LateUsMax);
        plan(atUs, new StreamEvent(link, lane, generation, frame));
        return atUs;
    }
}

/// <summary>A frame's arrival, or, without one, an attempt to open a stream.</summary>
internal readonly record struct StreamEvent(SimulatedLink Link, Lane Lane, int Generation, byte[]? Frame)
{
    public void Happen()
    {
        if (Frame is null)
            Link.Dial(Lane);
        else
            Link.Arrive(Lane, Generation, Frame);
    }
}
