using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>Whole nodes on virtual time and one thread. Nothing here waits for real time, and a condition that never comes ends with an error.</summary>
internal sealed class TestCluster
{
    public const string Machine = "tally";
    private const long HeartbeatMs = 20;
    private readonly RaftOptions _raft;

    public TestCluster(int size, ulong seed = 1, RaftOptions? raft = null, IReadOnlyList<MachineRegistration>? machines = null)
    {
        var random = new SeededRandom(seed);
        Network = new InMemoryNetwork(Clock, random.Fork());
        Scheduler = new ManualScheduler(Clock, random.Fork());
        Held = new HeldActors(Scheduler);
        _raft = raft ?? Raft;
        Machines = machines ?? [new MachineRegistration(Machine, StateMachineDefinition.Of<Tally>())];
        PeerAddress[] peers = [.. Enumerable.Range(1, size).Select(AddressOf)];
        for (int i = 1; i <= size; i++)
            AddNode(i, size == 1 ? [] : peers);
    }

    public static RaftOptions Raft { get; } = new() { HeartbeatIntervalMs = (int)HeartbeatMs, ElectionTimeoutMinMs = 100, ElectionTimeoutMaxMs = 200 };

    public VirtualClock Clock { get; } = new();

    public InMemoryNetwork Network { get; }

    public ManualScheduler Scheduler { get; }

    /// <summary>What the nodes run on: <see cref="Scheduler"/>, but for actors that a test wants to wait.</summary>
    public HeldActors Held { get; }

    public IReadOnlyList<MachineRegistration> Machines { get; }

    public List<TestCall> Calls { get; } = [];

    public List<TestNode> Nodes { get; } = [];

    public TestNode Leader => Nodes.Single(node => node.Leads());

    public bool HasOneLeader => Nodes.Count(node => node.Leads()) == 1;

    /// <summary>Starts all nodes and waits until the machine's group has a leader that everybody follows.</summary>
    public static TestCluster Formed(int size, ulong seed = 1, RaftOptions? raft = null, IReadOnlyList<MachineRegistration>? machines = null)
    {
        var cluster = new TestCluster(size, seed, raft, machines);
        foreach (TestNode node in cluster.Nodes)
            node.Start();
        cluster.RunUntil(() => cluster.IsSettled);
        return cluster;
    }

    /// <summary>A node that names the cluster's founders, and itself, as its peers: it waits to be added.</summary>
    public TestNode AddNewcomer()
    {
        int number = Nodes.Count + 1;
        return AddNode(number, [.. Enumerable.Range(1, number).Select(AddressOf)]);
    }

    private static PeerAddress AddressOf(int number) => new($"n{number}", $"n{number}:1");

    private TestNode AddNode(int number, IReadOnlyList<PeerAddress> peers)
    {
        PeerAddress own = AddressOf(number);
        var node = new TestNode(this, new NodeOptions
        {
            Name = own.Name,
            PeerAddress = own.Address,
            Peers = [.. peers],
            Raft = _raft,
            Storage = new StorageOptions { Path = "/data", ReserveBytes = 0 },
            Shards = 1,
        });
        Nodes.Add(node);
        return node;
    }

    /// <summary>One leader, known to every running node.</summary>
    public bool IsSettled => HasOneLeader && Nodes.All(node => node.Running is null || (node.Group() is { LeaderName: { } name } && name == Leader.Name));

    public void RunUntil(Func<bool> condition, long withinMs = 20_000)
    {
        long until = Clock.NowUs + (withinMs * 1000);
        while (true)
        {
            Network.RunDue();
            Scheduler.RunUntilIdle();
            Network.RunDue();
            if (condition())
                return;
            if (Scheduler.RunOne())
                continue;
            long next = Math.Min(Network.NextEventUs, Scheduler.NextWakeMs == long.MaxValue ? long.MaxValue : Scheduler.NextWakeMs * 1000);
            Assert.True(next <= until, $"The condition didn't come true within {withinMs} ms of virtual time. {Describe()}");
            Clock.AdvanceTo(Math.Max(next, Clock.NowUs));
        }
    }

    public void RunFor(long ms)
    {
        long until = Clock.NowUs + (ms * 1000);
        while (true)
        {
            Network.RunDue();
            Scheduler.RunUntilIdle();
            long next = Math.Min(Network.NextEventUs, Scheduler.NextWakeMs == long.MaxValue ? long.MaxValue : Scheduler.NextWakeMs * 1000);
            if (next > until)
                break;
            Clock.AdvanceTo(Math.Max(next, Clock.NowUs));
        }

        Clock.AdvanceTo(until);
    }

    /// <summary>All running replicas come to the same index, and there to the same state by the same way.</summary>
    public void AssertReplicasBecomeEqual()
    {
        GroupStatus[] replicas = [];
        for (int attempt = 0; attempt < 200; attempt++)
        {
            RunUntil(() => Nodes.All(node => node.Running is null || node.Group() is not null));
            replicas = [.. Nodes.Where(node => node.Running is not null).Select(node => node.Inspect())];
            if (replicas.Select(replica => replica.Applied).Distinct().Count() == 1 && replicas.Any(replica => replica.Role == RaftRole.Leader))
                break;
            RunFor(HeartbeatMs);
        }

        Assert.Single(replicas.Select(replica => replica.Applied).Distinct());
        Assert.Single(replicas.Select(replica => replica.StateHash).Distinct());
        Assert.Single(replicas.Select(replica => replica.ApplyHash).Distinct());
    }

    /// <summary>Every call that was made has ended, once.</summary>
    public void AssertAllCallsEnded() => Assert.All(Calls, call => Assert.Equal(1, call.Completions));

    public string Describe() => string.Join("; ", Nodes.Select(node => node.Running is null
        ? $"{node.Name} down"
        : $"{node.Name} {node.Running.Status.State} {node.Running.Failure?.Sentence} [{string.Join(", ", node.Running.Status.Groups.Select(group => $"{group.Name} {group.Role} t{group.Term} c{group.Commit} a{group.Applied} {group.HaltReason}"))}]"));
}
