using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

// Clients: they write mostly where the leader was last seen and sometimes anywhere, and read anywhere.
public sealed partial class CoreSimulation
{
    private ulong _lastLeaderTerm;
    private int _lastLeader;

    private void PlanClients()
    {
        Plan(CoreEventKind.Propose, _options.ProposeEveryUs);
        Plan(CoreEventKind.Read, _options.ReadEveryUs);
    }

    private void Propose()
    {
        if (!_faulty)
            return;
        Plan(CoreEventKind.Propose, _options.ProposeEveryUs);
        CoreNode node = _cluster.Nodes[_random.Chance(850) ? _lastLeader : _random.Between(0, _cluster.Nodes.Count - 1)];
        if (!IsRunning(node))
            return;
        int commands = _random.Between(1, _options.BatchMax);
        int bytes = _random.Between(sizeof(ulong), Math.Max(sizeof(ulong), _options.CommandBytesMax));
        ProposeResult result = _cluster.Propose(node, commands, bytes);
        _trace.Add(((ulong)result.Outcome << 32) ^ result.FirstIndex);
    }

    private void Read()
    {
        if (!_faulty)
            return;
        Plan(CoreEventKind.Read, _options.ReadEveryUs);
        CoreNode node = _cluster.Nodes[_random.Between(0, _cluster.Nodes.Count - 1)];
        if (IsRunning(node))
            _cluster.Read(node, _random.Chance(500) ? ReadMode.Lease : ReadMode.Linearizable);
    }

    private bool IsRunning(CoreNode node) => node.IsUp && _stations[node.Number].PausedUntilUs <= _clock.NowUs;

    /// <summary>Plans an event after a time of this mean; 0 means never.</summary>
    private void Plan(CoreEventKind kind, int meanUs)
    {
        if (meanUs > 0)
            _events.Add(_clock.NowUs + _random.Between(1, 2 * meanUs), new CoreEvent(kind, 0));
    }
}
