namespace ReplicatedState.Testing;

/// <summary>Decides what becomes of each message: lost, delivered after a while, or delivered twice. Links are cut one way at a time.</summary>
public sealed class SimulatedNetwork(int nodes, NetworkFaults faults, SeededRandom random)
{
    private readonly bool[] _cut = new bool[nodes * nodes];

    /// <summary>How it behaves; may change during a run.</summary>
    public NetworkFaults Faults { get; set; } = faults;

    /// <summary>Messages from one node to another get through.</summary>
    public bool IsOpen(int from, int to) => !_cut[(from * nodes) + to];

    /// <summary>Cuts the way from one node to another, but not back.</summary>
    public void Cut(int from, int to) => _cut[(from * nodes) + to] = true;

    /// <summary>Opens the way from one node to another.</summary>
    public void Open(int from, int to) => _cut[(from * nodes) + to] = false;

    /// <summary>Cuts one node off, in both directions.</summary>
    public void Isolate(int node)
    {
        for (int other = 0; other < nodes; other++)
        {
            if (other == node)
                continue;
            Cut(node, other);
            Cut(other, node);
        }
    }

    /// <summary>Splits the nodes in two: those in the set, a bit each, and the others.</summary>
    public void Split(uint side)
    {
        for (int from = 0; from < nodes; from++)
        {
            for (int to = 0; to < nodes; to++)
            {
                if ((((side >> from) ^ (side >> to)) & 1) != 0)
                    Cut(from, to);
            }
        }
    }

    /// <summary>Opens all links.</summary>
    public void Heal() => Array.Clear(_cut);

    /// <summary>Decides the fate of a message that leaves now.</summary>
    /// <returns>How often it arrives, 0 to 2, and after how many microseconds each time.</returns>
    public (int Copies, long FirstUs, long SecondUs) Send(int from, int to)
    {
        if (!IsOpen(from, to) || random.Chance(Faults.LostPerMille))
            return (0, 0, 0);
        return random.Chance(Faults.DoubledPerMille) ? (2, Delay(), Delay()) : (1, Delay(), 0);
    }

    private long Delay()
    {
        int delay = random.Between(Faults.DelayUsMin, Faults.DelayUsMax);
        return random.Chance(Faults.LatePerMille) ? delay + random.Between(0, Faults.LateUsMax) : delay;
    }
}
