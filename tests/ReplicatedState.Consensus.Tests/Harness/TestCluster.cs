namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>A few cores whose messages the test delivers, holds or drops. Nodes are 1 to n.</summary>
internal sealed class TestCluster
{
    private readonly SortedDictionary<ulong, TestNode> _nodes = [];
    private readonly Func<CoreConfig, CoreConfig>? _configure;

    public TestCluster(int nodes, Func<CoreConfig, CoreConfig>? configure = null)
        : this(Configuration.Of(Enumerable.Range(1, nodes).Select(i => new RaftId((ulong)i))), configure)
    {
    }

    public TestCluster(Configuration configuration, Func<CoreConfig, CoreConfig>? configure = null)
    {
        Configuration = configuration;
        _configure = configure;
        foreach (RaftId id in Configuration.Members())
            Add(id, DurableLog.FormedWith(Configuration));
    }

    public Configuration Configuration { get; }

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    /// <summary>Says which messages are lost.</summary>
    public Func<Message, bool> Drop { get; set; } = _ => false;

    public TestNode this[int node] => _nodes[(ulong)node];

    /// <summary>Starts a node that knows nothing of the group.</summary>
    public TestNode AddEmpty(int node) => Add(new RaftId((ulong)node), new DurableLog());

    /// <summary>Changes the members through a node that must accept it, and lets everything settle.</summary>
    public void Change(int leader, ConfigChange change)
    {
        ConfigResult result = this[leader].ProposeConfig(change);
        Assert.True(result.Outcome == ConfigOutcome.Accepted, result.ToString());
        Settle();
    }

    /// <summary>Elects a node and lets everything settle.</summary>
    public TestNode Elect(int node)
    {
        this[node].Core.Campaign();
        this[node].Pump();
        Settle();
        Assert.True(this[node].IsLeader, $"node {node} should lead");
        return this[node];
    }

    /// <summary>Elects a node whose peers must first lose patience with their old leader.</summary>
    public TestNode ElectAfter(int node, int ticks)
    {
        foreach (TestNode other in Nodes)
        {
            for (int i = 0; i < ticks && other != this[node]; i++)
                other.Core.Tick();
        }

        TakeMessages();
        return Elect(node);
    }

    /// <summary>Delivers messages until there are none left.</summary>
    public void Settle()
    {
        for (int round = 0; round < 10_000; round++)
        {
            var messages = TakeMessages();
            if (messages.Count == 0)
                return;
            foreach (Message message in messages)
                Deliver(message);
        }

        Assert.Fail("the cluster doesn't settle");
    }

    public void Deliver(in Message message)
    {
        if (!Drop(message))
            _nodes[message.To.Value].Step(message);
    }

    /// <summary>What the nodes have sent since the last time.</summary>
    public List<Message> TakeMessages()
    {
        List<Message> messages = [];
        foreach (TestNode node in Nodes)
        {
            messages.AddRange(node.Outbox);
            node.Outbox.Clear();
        }

        return messages;
    }

    public void Tick(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            foreach (TestNode node in Nodes)
                node.Tick();
            Settle();
        }
    }

    /// <summary>Only these nodes hear each other.</summary>
    public void ConnectOnly(params int[] nodes) => Drop = m => !nodes.Contains((int)m.From.Value) || !nodes.Contains((int)m.To.Value);

    /// <summary>Ticks of so many milliseconds pass, by all clocks.</summary>
    public void Run(int ticks, int tickMs)
    {
        for (int i = 0; i < ticks; i++)
        {
            foreach (TestNode node in Nodes)
                node.AdvanceClock(tickMs);
            Tick();
        }
    }

    public void Isolate(int node) => Drop = m => m.From.Value == (ulong)node || m.To.Value == (ulong)node;

    public void Heal() => Drop = _ => false;

    private TestNode Add(RaftId id, DurableLog disk)
    {
        var config = new CoreConfig { Self = id, ElectionTicksMin = 10, ElectionTicksMax = 20, HeartbeatTicks = 1 };
        return _nodes[id.Value] = new TestNode(_configure?.Invoke(config) ?? config, disk, seed: 42);
    }
}
