using ReplicatedState.Consensus;
using ReplicatedState.Testing;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>A cluster in which a test decides what arrives. Disks and state machines are quick; messages wait until they are delivered or lost.</summary>
internal sealed class DirectedCluster : ICoreClusterHost
{
    private readonly List<Message> _underWay = [];
    private readonly Queue<CoreNode> _toPersist = new();
    private readonly Queue<CoreNode> _toApply = new();

    public DirectedCluster(int nodes, CoreConfig template) =>
        Cluster = new CoreCluster(nodes, id => template with { Self = id }, this, new VirtualClock(), new SeededRandom(1));

    public CoreCluster Cluster { get; }

    /// <summary>Nodes as the papers name them, from 1.</summary>
    public CoreNode this[int number] => Cluster.Nodes[number - 1];

    public CoreStatus StatusOf(int number) => this[number].Core!.Status;

    /// <summary>Orders a campaign.</summary>
    public void Campaign(int number)
    {
        Cluster.Campaign(this[number]);
        Work();
    }

    /// <summary>A leader's heartbeat reaches one other node alone, which learns the term.</summary>
    public void HeartbeatTo(int leader, int other)
    {
        DeliverAmong();
        for (int i = 0; i < this[leader].Config.HeartbeatTicks; i++)
            Cluster.Tick(this[leader]);
        Work();
        DeliverOnly(leader, other);
    }

    public void Propose(int number)
    {
        Assert.Equal(ProposeOutcome.Accepted, Cluster.Propose(this[number], commands: 1, bytes: 8).Outcome);
        Work();
    }

    /// <summary>Delivers what travels between these nodes until nothing does; everything else is lost. No nodes: everything is lost.</summary>
    public void DeliverAmong(params int[] numbers) => DeliverUntil(() => false, numbers);

    /// <summary>Delivers what travels between these nodes until the condition holds; what is still on its way then stays on its way.</summary>
    public void DeliverUntil(Func<bool> condition, params int[] numbers)
    {
        while (_underWay.Count > 0 && !condition())
            DeliverNext(m => numbers.Contains((int)m.From.Value) && numbers.Contains((int)m.To.Value));
    }

    /// <summary>Delivers what is on its way from one node to another; everything else that is on its way now is lost, and so are the answers.</summary>
    public void DeliverOnly(int from, int to)
    {
        for (int left = _underWay.Count; left > 0; left--)
            DeliverNext(m => m.From.Value == (ulong)from && m.To.Value == (ulong)to);
        while (_underWay.Count > 0)
            DeliverNext(_ => false);
    }

    /// <summary>Delivers a candidate's requests to some voters and their answers to it; stops as soon as it leads.</summary>
    public void DeliverVotes(int candidate, params int[] voters) =>
        DeliverUntil(() => StatusOf(candidate).Role == RaftRole.Leader, [candidate, .. voters]);

    private void DeliverNext(Func<Message, bool> arrives)
    {
        Message next = _underWay[0];
        _underWay.RemoveAt(0);
        if (arrives(next))
            Cluster.Deliver(next);
        foreach (Entry entry in next.Entries.Span)
            entry.Release();
        Work();
    }

    void ICoreClusterHost.OnSent(CoreNode from, in Message message)
    {
        Message copy = message;
        copy.Entries = message.Entries.ToArray();
        foreach (Entry entry in copy.Entries.Span)
            entry.Retain();
        _underWay.Add(copy);
    }

    void ICoreClusterHost.OnPersistQueued(CoreNode node) => _toPersist.Enqueue(node);

    void ICoreClusterHost.OnApplyQueued(CoreNode node) => _toApply.Enqueue(node);

    void ICoreClusterHost.OnSnapshotNeeded(CoreNode leader, RaftId follower, SnapshotMeta snapshot) =>
        throw new InvalidOperationException("directed tests compact nothing");

    private void Work()
    {
        while (_toPersist.Count + _toApply.Count > 0)
        {
            if (_toPersist.TryDequeue(out CoreNode? node))
            {
                Cluster.CompletePersists(node, node.Pending.Count);
                Cluster.ReportPersisted(node, onlyLast: true);
            }

            if (_toApply.TryDequeue(out node))
                Cluster.Apply(node);
        }
    }
}
