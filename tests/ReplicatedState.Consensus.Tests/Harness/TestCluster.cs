namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>A few cores whose messages the test delivers, holds or drops. Nodes are 1 to n.</summary>
internal sealed class TestCluster
{
    private readonly Dictionary<ulong, TestNode> _nodes = [];

    public TestCluster(int nodes, Func<CoreConfig, CoreConfig>? configure = null)
        : this(Configuration.Of(Enumerable.Range(1, nodes).Select(i => new RaftId((ulong)i))), configure)
    {
    }

    public TestCluster(Configuration configuration, Func<CoreConfig, CoreConfig>? configure = null)
    {
        Configuration = configuration;
        foreach (RaftId id in Configuration.Members())
        {
            var config = new CoreConfig { Self = id, ElectionTicksMin = 10, ElectionTicksMax = 20, HeartbeatTicks = 1 };
            _nodes[id.Value] = new TestNode(configure?.Invoke(config) ?? config, DurableLog.FormedWith(Configuration), seed: 42);
        }
    }

    public Configuration Configuration { get; }

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    /// <summary>Says which messages are lost.</summary>
    public Func<Message, bool> Drop { get; set; } = _ => false;

    public TestNode this[int node] => _nodes[(ulong)node];

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
}
