using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>One node of a <see cref="TestCluster"/>, which can be stopped, killed and started again on the disk that it left.</summary>
internal sealed class TestNode(TestCluster cluster, NodeOptions options)
{
    private ulong _starts;

    public string Name => Options.Name;

    public string Address => Options.PeerAddress;

    public NodeOptions Options { get; set; } = options;

    public SimulatedDisk Disk { get; private set; } = new(1);

    public Space Space { get; } = new();

    /// <summary>How far the node's wall clock is off.</summary>
    public long WallSkewMs { get; set; }

    /// <summary>The node's actors, which a test may let wait as if the process were paused.</summary>
    public HeldActors Actors { get; } = new(cluster.Held);

    public CapturedLog Log { get; } = new();

    public KeptLogStore Store { get; private set; } = new();

    public IReadOnlyList<MachineRegistration> Machines { get; set; } = cluster.Machines;

    public ReplicatedNode? Running { get; private set; }

    public void Start()
    {
        Running = new ReplicatedNode(
            Options,
            new NodeServices
            {
                OpenLogStore = _ => Store,
                Disk = new MeteredDisk(Disk, Space),
                Transport = cluster.Network.CreateTransport(Address),
                Scheduler = Actors,
                Clock = new SkewedClock(cluster.Clock, this),
                Entropy = new SeededRandom(((ulong)Name[^1] << 8) + _starts++),
                Loggers = Log,
            },
            Machines);
        Running.Start();
    }

    /// <summary>Stops without handing over.</summary>
    public void Kill()
    {
        ReplicatedNode node = Running!;
        node.Dispose();
        cluster.RunUntil(() => node.Status.State is NodeState.Stopped or NodeState.Failed || node.Failure is not null);
        Running = null;
    }

    /// <summary>Empties the data directory.</summary>
    public void Wipe()
    {
        Disk = new SimulatedDisk(2);
        Store = new KeptLogStore();
    }

    /// <summary>Puts an earlier copy of the log in the place of what it left.</summary>
    public void Restore(KeptLogStore backup) => Store = backup;

    public GroupStatus? Group(string name = TestCluster.Machine) => Running?.Status.Groups.FirstOrDefault(group => group.Name == name);

    public bool Leads(string name = TestCluster.Machine) => Group(name)?.Role == RaftRole.Leader;

    public TestCall Command(byte[] command, long deadlineMs = long.MaxValue, ulong session = 0, ulong sequence = 0, string? machine = null) => Submit(new TestCall
    {
        Machine = machine,
        Kind = RequestKind.Command,
        Payload = Payload.Of(command),
        DeadlineMs = deadlineMs,
        Session = session,
        Sequence = sequence,
    });

    public TestCall Query(byte[] query, ReadConsistency consistency = default, long deadlineMs = long.MaxValue, string? machine = null) => Submit(new TestCall
    {
        Machine = machine,
        Kind = RequestKind.Query,
        Consistency = consistency,
        Payload = Payload.Of(query),
        DeadlineMs = deadlineMs,
    });

    /// <summary>Asks for an event of the machine.</summary>
    public TestCall Watch(uint eventId, EventPosition from, long deadlineMs = long.MaxValue)
    {
        var payload = new System.Buffers.ArrayBufferWriter<byte>();
        new EventRequest(eventId, from).Write(payload);
        return Submit(new TestCall { Kind = RequestKind.Watch, Payload = Payload.Of(payload.WrittenSpan.ToArray()), DeadlineMs = deadlineMs });
    }

    public TestCall OpenSession() => Submit(new TestCall { Kind = RequestKind.OpenSession });

    /// <summary>The group's status with its state hash, as of now.</summary>
    public GroupStatus Inspect(string name = TestCluster.Machine)
    {
        var inspection = new Inspection { Kind = GroupOperationKind.Inspect, Machine = name };
        Running!.Carry(inspection);
        cluster.RunUntil(() => inspection.Status is not null);
        return inspection.Status!;
    }

    /// <summary>Asks for a change of the cluster.</summary>
    public Order Administer(AdministrationAction action, string? member = null, int timeoutMs = 10_000, bool asLearner = false, bool force = false, string? group = null, int version = 0)
    {
        var order = new Order(new AdministrationOrder(action) { Member = member, TimeoutMs = timeoutMs, AsLearner = asLearner, Force = force, Group = group, Version = version });
        Running!.Administer(order);
        return order;
    }

    public Inspection Carry(GroupOperationKind kind, string? target = null)
    {
        var operation = new Inspection { Kind = kind, Machine = TestCluster.Machine, Target = target };
        Running!.Carry(operation);
        return operation;
    }

    private TestCall Submit(TestCall call)
    {
        cluster.Calls.Add(call);
        Running!.Submit(call);
        return call;
    }

    internal sealed class Order(AdministrationOrder order) : AdministrationRequest(order)
    {
        public AdministrationOutcome? Outcome { get; private set; }

        public int Completions { get; private set; }

        public override void Complete(AdministrationOutcome outcome)
        {
            Outcome = outcome;
            Completions++;
        }
    }

    internal sealed class Inspection : GroupOperation
    {
        public GroupStatus? Status { get; private set; }

        public string? Refusal { get; private set; }

        public override void Complete(GroupStatus? status, string? refusal)
        {
            Status = status;
            Refusal = refusal;
        }
    }
}
