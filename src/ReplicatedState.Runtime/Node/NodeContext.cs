using System.Buffers.Binary;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Node;

/// <summary>What the parts of one node share: its identity, its view of the cluster, its services, and the one switch that stops all of them.</summary>
/// <remarks>What changes while the node runs is replaced as a whole and may be read by any thread.</remarks>
internal sealed class NodeContext
{
    private static readonly StateMachineDefinition SystemDefinition = StateMachineDefinition.Of<SystemMachine>();
    private const long SlabBytesKept = 64L * 1024 * 1024;
    private readonly NodeServices _services;
    private readonly IReadOnlyList<MachineRegistration> _machines;
    private readonly Dictionary<GroupId, StoredGroup> _stored = [];
    private NodeIdentity? _identity;
    private SystemState _cluster = SystemState.Empty;
    private NodeFailure? _failure;
    private int _capturing;
    private string? _lowSpace;
    private long _freeBytes = long.MaxValue;
    private long _lowSpaceBytes;
    private int _openShards;
    private int _shardsToHandOver;
    private bool _isStopped;
    private bool _hasLostEntries;

    public NodeContext(NodeOptions options, NodeServices services, IReadOnlyList<MachineRegistration> machines)
    {
        Options = options;
        _services = services;
        _machines = machines;
        Slabs = new SlabPool(SlabBytesKept);
        Frames = new InboundFramePool(Slabs);
        Admission = new AdmissionLimit(options.PendingRequestsMax);
        Log = new NodeLog(services.Loggers.CreateLogger("ReplicatedState.Node"));
        BootId = DrawUInt64();
        Cursors = new CursorTable(Clock, DrawUInt64, options.Transport.MaxMessageSize);
    }

    public NodeOptions Options { get; }

    public NodeLog Log { get; }

    public IClock Clock => _services.Clock;

    public IEntropy Entropy => _services.Entropy;

    public IScheduler Scheduler => _services.Scheduler;

    public SlabPool Slabs { get; }

    public InboundFramePool Frames { get; }

    public PeerRegistry Peers { get; } = new();

    public GroupDirectory Groups { get; } = new();

    public AdmissionLimit Admission { get; }

    /// <summary>Results that clients take page by page.</summary>
    public CursorTable Cursors { get; }

    /// <summary>Drawn at each start: tells this run's questions from an earlier run's.</summary>
    public ulong BootId { get; }

    /// <summary>Milliseconds of a core's tick.</summary>
    public int TickMs => Math.Max(1, Options.Raft.HeartbeatIntervalMs / 2);

    /// <summary>True while clients wait, so that the next piece of work is microseconds away.</summary>
    public bool HasRequestsUnderWay => Admission.Calls > 0;

    public NodeIdentity Identity
    {
        get => Volatile.Read(ref _identity)!;
        set => Volatile.Write(ref _identity, value);
    }

    /// <summary>What the system group's state says, as of the last entry of it that this node applied.</summary>
    public SystemState Cluster
    {
        get => Volatile.Read(ref _cluster);
        private set => Volatile.Write(ref _cluster, value);
    }

    public IReadOnlyList<MachineRegistration> Machines => _machines;

    public required ILogStore Store { get; init; }

    public required SnapshotStore SnapshotFiles { get; init; }

    /// <summary>What the data directory remembers against itself.</summary>
    public required DistrustFiles Distrust { get; init; }

    public StorageWorker Storage { get; set; } = null!;

    public SnapshotWorker Snapshots { get; set; } = null!;

    public Handshake Handshake { get; set; } = null!;

    public Supervisor Supervisor { get; set; } = null!;

    public IReadOnlyList<Shard> Shards { get; set; } = [];

    /// <summary>Called once, when all shards are done after <see cref="Stop"/> or <see cref="Fail"/>.</summary>
    public required Action Closed { get; init; }

    /// <summary>Called once, when every shard has handed leadership over.</summary>
    public required Action HandedOver { get; init; }

    /// <summary>Why the node stopped itself; null where it didn't.</summary>
    public NodeFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>True from the moment that nothing more may be sent, written or answered but refusals.</summary>
    public bool IsStopped => Volatile.Read(ref _isStopped);

    /// <summary>What waiting callers are told when the node stops.</summary>
    public string StopSentence => Failure is null ? $"Node {Options.Name} is stopping." : $"Node {Options.Name} stopped itself: {Failure.Sentence}";

    /// <summary>True while the disk is so full that nothing new is taken in.</summary>
    public bool IsSpaceLow => LowSpace is not null;

    /// <summary>Why nothing new is taken in for want of space, for callers, leaders and operators; null while there is room.</summary>
    public string? LowSpace
    {
        get => Volatile.Read(ref _lowSpace);
        set => Volatile.Write(ref _lowSpace, value);
    }

    /// <summary>Free bytes of the data directory's device when they were last looked at; without end where nobody looks.</summary>
    public long FreeBytes
    {
        get => Volatile.Read(ref _freeBytes);
        set => Volatile.Write(ref _freeBytes, value);
    }

    /// <summary>The mark below which nothing new is taken in; 0 where space isn't watched.</summary>
    public long LowSpaceBytes
    {
        get => Volatile.Read(ref _lowSpaceBytes);
        set => Volatile.Write(ref _lowSpaceBytes, value);
    }

    public ulong DrawUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong drawn;
        do
        {
            Entropy.Fill(bytes);
            drawn = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        while (drawn == 0);
        return drawn;
    }

    public Guid DrawGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Entropy.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public FrameAssembler NewAssembler() => new(Peers, Header, Options.Transport.MaxMessageSize);

    /// <summary>The header of a frame of messages of the cores.</summary>
    public FrameHeader Header() => HeaderOf(FrameKind.Messages);

    public FrameHeader HeaderOf(FrameKind kind)
    {
        NodeIdentity identity = Identity;
        return new FrameHeader(FrameHeader.VersionMax, kind, identity.ClusterGuid ?? Guid.Empty, identity.Epoch, identity.RaftId, RaftId.None);
    }

    public StateMachineDefinition? DefinitionOf(string machine)
    {
        if (machine == SystemMachine.MachineName)
            return SystemDefinition;
        foreach (MachineRegistration registration in _machines)
        {
            if (registration.Definition.Manifest.Name == machine)
                return registration.Definition;
        }

        return null;
    }

    public Member? MemberOf(RaftId id) => Cluster.Members.GetValueOrDefault(id);

    public GroupReplica? ReplicaOf(GroupId group) => Groups.Find(group);

    public Shard ShardOf(GroupId group) => Shards[(int)(group.Value % (uint)Shards.Count)];

    public void RememberStored(GroupId group, StoredGroup stored)
    {
        lock (_stored)
            _stored[group] = stored;
    }

    /// <summary>What the disk held of a group at the start.</summary>
    public StoredGroup StoredGroupOf(GroupId group)
    {
        lock (_stored)
            return _stored.GetValueOrDefault(group, StoredGroup.Empty);
    }

    /// <summary>A machine that an earlier life of the node has put in quarantine; null where there is none.</summary>
    public QuarantineRecord? QuarantineOf(GroupId group) => Quarantines.FirstOrDefault(record => record.Group == group);

    /// <summary>Machines that were in quarantine at the start.</summary>
    public IReadOnlyList<QuarantineRecord> Quarantines { get; set; } = [];

    public CoreConfig CoreConfigFor(GroupId group)
    {
        RaftOptions raft = Options.Raft;
        int minTicks = (raft.ElectionTimeoutMinMs + TickMs - 1) / TickMs;
        return new CoreConfig
        {
            Self = Identity.RaftId,
            Group = group,
            HeartbeatTicks = 2,
            ElectionTicksMin = Math.Max(3, minTicks),
            ElectionTicksMax = Math.Max(Math.Max(3, minTicks), raft.ElectionTimeoutMaxMs / TickMs),
            PreVote = raft.PreVote,
            CheckQuorum = raft.CheckQuorum,
            MayCampaign = raft.MayCampaign,
            Priority = raft.Priority,
            TickMs = TickMs,
            LeasePromiseMs = raft.LeasePromiseMs,
            MaxClockDriftPerMille = raft.MaxClockDriftPerMille,
            // What a node promised before it was restarted it doesn't know, so it waits out the longest: rounded up, and two ticks for the first that comes at once and one that comes late.
            AbstainTicks = raft.LeasePromiseMs == 0 ? 0 : ((raft.LeasePromiseMs + TickMs - 1) / TickMs) + 2,
            AppendEntriesMax = raft.MaxAppendEntries,
            AppendBytesMax = Math.Min(256 * 1024, Options.Transport.MaxMessageSize / 2),
            InflightMessagesMax = raft.DisablePipeline ? 1 : 32,
        };
    }

    public ITraceSink? TraceSinkFor() => Log.TracesTransitions ? new TransitionLog(Log) : null;

    /// <summary>Sends a piece of a snapshot's transfer; false where it went nowhere.</summary>
    public bool SendSnapshotMessage(RaftId to, Lane lane, in SnapshotMessage message)
    {
        if (IsStopped || Peers.Find(to) is not { } peer)
            return false;
        FrameBuffer frame = FrameHeader.RentFrame();
        message.Write(frame);
        (HeaderOf(FrameKind.Snapshot) with { To = to }).Seal(frame);
        return peer.TrySend(lane, frame);
    }

    /// <summary>One snapshot of the own state at a time on a node.</summary>
    public bool TryBeginCapture() => Interlocked.Exchange(ref _capturing, 1) == 0;

    public void EndCapture() => Volatile.Write(ref _capturing, 0);

    /// <summary>The system group has applied something: its members and groups may have changed.</summary>
    public void OnSystemApplied(SystemState state)
    {
        if (ReferenceEquals(state, Cluster))
            return;
        Cluster = state;
        foreach (ClusterGroup group in state.Groups.Values.OrderBy(static group => group.Id))
        {
            if (Groups.Find(group.Id) is null)
                ShardOf(group.Id).Post(ShardMail.StartGroup(group));
        }

        Supervisor.Wake();
    }

    public void OnGroupStarted(GroupReplica replica)
    {
        Groups.Add(replica);
        Log.GroupStarted(replica.Id, replica.Description.Name, replica.Shard.Name, replica.Status.Applied);
    }

    /// <summary>Says how many shards there are to wait for.</summary>
    public void CountShards()
    {
        _openShards = Shards.Count;
        _shardsToHandOver = Shards.Count;
    }

    /// <summary>Stops all parts; the shards end what waits.</summary>
    public void Stop()
    {
        Volatile.Write(ref _isStopped, true);
        foreach (Shard shard in Shards)
            shard.Wake();
    }

    /// <summary>Stops all parts because nobody can be sure of anything any more.</summary>
    public void Fail(string sentence, Exception? cause)
    {
        var failure = new NodeFailure(sentence, cause);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null)
            return;
        Log.Failed(cause, sentence);
        Stop();
    }

    /// <summary>True when the disk turned out to have gone back in time: nobody's word of this node is worth anything until it stops.</summary>
    public bool HasLostEntries => Volatile.Read(ref _hasLostEntries);

    /// <summary>The disk went back in time. Whoever starts the node on it again is told; it stops itself when the leader had time to hear why.</summary>
    public void OnLostEntries(GroupReplica group, LostEntries lost)
    {
        string sentence = $"This disk holds less than this node acknowledged: group {group.Id} ('{group.Description.Name}') ends at entry {lost.Last}, and '{MemberOf(lost.Leader)?.Name ?? lost.Leader.ToString()}', which leads, was told that "
            + $"{lost.Acknowledged} is here. It was restored from a backup, or lost synced writes. What it promised can't be relied on: wipe the data directory and readmit the node.";
        Volatile.Write(ref _hasLostEntries, true);
        Supervisor.Post(() =>
        {
            Distrust.KeepLostEntries(sentence);
            Supervisor.StopLater(sentence, Clock.MonotonicMs + Options.Raft.ElectionTimeoutMinMs);
        });
    }

    public void OnHandedOver()
    {
        if (Interlocked.Decrement(ref _shardsToHandOver) == 0)
            HandedOver();
    }

    public void OnShardClosed()
    {
        if (Interlocked.Decrement(ref _openShards) == 0)
            Closed();
    }

    private sealed class TransitionLog(NodeLog log) : ITraceSink
    {
        public void OnTransition(in Transition transition) => log.Transition(transition);
    }
}
