using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Formation;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Runtime.Recovery;
using ReplicatedState.Runtime.Persistence;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Snapshots;
using ReplicatedState.Runtime.Space;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.SystemGroup;

namespace ReplicatedState.Runtime.Node;

/// <summary>One node of a cluster: everything between a client's call and its answer.</summary>
/// <remarks>
/// The node has no threads of its own: its parts are actors that the given scheduler runs. Calls come in by <see cref="Submit"/> from any thread and end on a thread of the
/// node. A node is started once and stopped once.
/// </remarks>
public sealed class ReplicatedNode : IRequestSink, IDisposable
{
    private readonly NodeOptions _options;
    private readonly NodeServices _services;
    private readonly IReadOnlyList<MachineRegistration> _machines;
    private readonly Lock _gate = new();
    private readonly List<Action> _whenStopped = [];
    private DataDirectory? _directory;
    private NodeContext? _node;
    private PeerUpkeep? _peers;
    private volatile NodeState _state = NodeState.Created;

    /// <summary>Makes a node; nothing happens before <see cref="Start"/>.</summary>
    /// <exception cref="InvalidConfigurationException">An option can't be used, or two machines have one name; the message names it.</exception>
    public ReplicatedNode(NodeOptions options, NodeServices services, IReadOnlyList<MachineRegistration> machines)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        foreach (MachineRegistration machine in machines)
        {
            NodeOptions.Require(machine.Name.Length > 0 && machine.Name != SystemMachine.MachineName, $"a machine instance can't be called '{machine.Name}'");
            NodeOptions.Require(machines.Count(other => other.Name == machine.Name) == 1, $"two machine instances are called '{machine.Name}'");
        }

        _options = options;
        _services = services;
        _machines = machines;
    }

    /// <summary>Called once when the node has stopped itself rather than guess, on one of its threads. Set it before <see cref="Start"/>.</summary>
    public Action<NodeFailure>? OnFailed { get; set; }

    /// <summary>Why the node stopped itself; null where it didn't.</summary>
    public NodeFailure? Failure => _node?.Failure;

    /// <summary>What the node is at the moment. Any thread.</summary>
    public NodeStatus Status
    {
        get
        {
            NodeContext? node = _node;
            if (node is null)
                return new NodeStatus(_state, null, _options.ClusterLabel, null, [], [], 0, false, 0, 0);
            var groups = new List<GroupStatus>();
            foreach (GroupReplica replica in node.Groups.All)
                groups.Add(replica.Status);
            return new NodeStatus(
                StateOf(node), node.Identity, _options.ClusterLabel, node.Failure, MembersOf(node), groups, node.Admission.Calls, node.IsSpaceLow, node.Storage.Syncs, node.Storage.Operations)
            {
                LowSpace = node.LowSpace,
                OpenResults = node.Cursors.Count,
                OpenResultBytes = node.Cursors.Memory.Bytes,
            };
        }
    }

    /// <summary>Locks and reads the data directory, formatting an empty one, and starts to take part in the cluster. Returns when that has begun, not when there is a leader.</summary>
    /// <exception cref="StorageFailedException">The data directory can't be used; the message says why and what to do.</exception>
    /// <exception cref="InvalidConfigurationException">The data directory belongs to a node of another name.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_state != NodeState.Created)
                throw new InvalidOperationException("A node is started once.");
            _state = NodeState.Waiting;
        }

        DataDirectory directory = DataDirectory.Open(_services.Disk, _options.Storage.Path);
        ILogStore? store = null;
        try
        {
            if (new DistrustFiles(_services.Disk, directory.DistrustPath).LostEntries is { } lostEntries)
                throw new StorageFailedException(lostEntries);
            RecoveryMarkerFile.RefuseUnfinished(directory);
            SpaceReserve.GiveUpWhereLow(directory, _options.Storage, _services.Entropy);
            NodeIdentity identity = IdentifyOrFormat(directory);
            store = _services.OpenLogStore(directory);
            ClusterFormation.RefuseForgottenCluster(directory, store, identity);
            StartParts(directory, store, identity);
        }
        catch
        {
            store?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Submit(NodeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        NodeContext? node = _node;
        if (node is null || node.IsStopped || _state is NodeState.Stopping)
            Refuse(request, ReplyStatus.NodeStopped, node is null ? $"Node {_options.Name} has not been started." : node.StopSentence);
        else if (request.Kind == RequestKind.Page)
            node.Cursors.Answer(request);
        else if (node.Groups.Find(request.Machine) is { } replica)
            Admit(node, replica, request);
        else
            RefuseUnknown(node, request);
    }

    /// <summary>Asks something of one group. Any thread.</summary>
    public void Carry(GroupOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        NodeContext? node = _node;
        if (node is null || node.IsStopped)
            operation.Complete(null, node?.StopSentence ?? $"Node {_options.Name} has not been started.");
        else if (node.Groups.Find(operation.Machine) is not { } replica)
            operation.Complete(null, $"This node runs no group '{operation.Machine}'.");
        else if (!replica.Shard.TryPost(ShardMail.Operation(replica, operation)))
            operation.Complete(null, node.IsStopped ? node.StopSentence : "The group's queue is full.");
    }

    /// <summary>Asks for a change of the cluster. Any thread. <see cref="ClusterAdmin"/> is the same to be awaited.</summary>
    public void Administer(AdministrationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_node is { IsStopped: false } node)
            node.Supervisor.Administrator.Submit(request);
        else
            request.Complete(new AdministrationOutcome(AdministrationStatus.NodeStopped, _node?.StopSentence ?? $"Node {_options.Name} has not been started."));
    }

    /// <summary>Takes no more calls, hands leadership over and stops. Returns at once.</summary>
    /// <param name="stopped">Called when everything is closed, on a thread of the node.</param>
    public void Stop(Action? stopped = null)
    {
        NodeContext? node;
        lock (_gate)
        {
            node = _node;
            if (node is null || _state is NodeState.Stopped or NodeState.Failed)
            {
                node = null;
            }
            else
            {
                if (stopped is not null)
                    _whenStopped.Add(stopped);
                if (_state == NodeState.Stopping)
                    return;
                _state = NodeState.Stopping;
            }
        }

        if (node is null)
        {
            stopped?.Invoke();
            return;
        }

        foreach (Shard shard in node.Shards)
            shard.Post(ShardMail.HandOver());
    }

    /// <summary>Stops at once, without handing over, as a crash would but for the calls, which all end. Does nothing on a node that has stopped.</summary>
    public void Dispose()
    {
        NodeContext? node = _node;
        if (node is not null && !node.IsStopped)
            node.Stop();
    }

    private NodeIdentity IdentifyOrFormat(DataDirectory directory)
    {
        if (directory.ReadIdentity() is { } identity)
        {
            NodeOptions.Require(
                identity.Name == _options.Name,
                $"the data directory {directory.Path} belongs to the node '{identity.Name}', and node_id says '{_options.Name}'");
            // What the node says of itself from now on has to be durable, and an earlier life may have ended in the middle of making it so: with a rename that only the cache shows.
            directory.WriteIdentity(identity);
            return identity;
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RaftId id;
        do
        {
            _services.Entropy.Fill(bytes);
            id = new RaftId(BitConverter.ToUInt64(bytes));
        }
        while (id.IsNone);
        var formatted = new NodeIdentity(null, 0, id, _options.Name);
        directory.WriteIdentity(formatted);
        return formatted;
    }

    private void StartParts(DataDirectory directory, ILogStore store, NodeIdentity identity)
    {
        var files = new SnapshotStore(_services.Disk, directory.SnapshotPath);
        var node = new NodeContext(_options, _services, _machines)
        {
            Store = store,
            SnapshotFiles = files,
            Distrust = new DistrustFiles(_services.Disk, directory.DistrustPath),
            Closed = Close,
            HandedOver = () => _node!.Stop(),
        };
        node.Identity = identity;
        node.Handshake = new Handshake(node);
        node.Storage = new StorageWorker(node, store);
        node.Snapshots = new SnapshotWorker(node, files);
        _peers = new PeerUpkeep(node, _services.Transport);
        node.Supervisor = new Supervisor(node, new ClusterFormation(node, directory), _peers, new SpaceWatch(node, directory));
        int shards = _options.Shards > 0 ? _options.Shards : Math.Max(1, Environment.ProcessorCount / 2);
        node.Shards = [.. Enumerable.Range(0, Math.Min(shards, NodeOptions.ShardsMax)).Select(ordinal => new Shard(node, ordinal))];
        node.CountShards();
        foreach (GroupId group in store.Groups)
        {
            files.RemoveUnfinished(group, store.Load(group).Snapshot.Position);
            node.RememberStored(group, store.Load(group));
        }

        node.Quarantines = node.Distrust.ReadAll();
        node.Log.Starting(_options.Name, identity.RaftId, identity.ClusterGuid?.ToString() ?? "none yet", directory.Path);
        _directory = directory;
        _node = node;
        node.Storage.Start(_services.Scheduler);
        node.Snapshots.Start(_services.Scheduler);
        foreach (Shard shard in node.Shards)
            shard.Start(_services.Scheduler);
        if (identity.ClusterGuid is not null)
            node.ShardOf(GroupId.System).Post(ShardMail.StartGroup(ClusterFormation.SystemGroup));
        _services.Transport.Start(new StreamReceiver(node));
        node.Supervisor.Start(_services.Scheduler);
    }

    private static void Admit(NodeContext node, GroupReplica replica, NodeRequest request)
    {
        // Members and groups are changed by the nodes themselves: a client that could, could take the cluster apart.
        if (replica.Id == GroupId.System && request.Kind is not (RequestKind.Query or RequestKind.Watch))
        {
            Refuse(request, ReplyStatus.UnknownMachine, $"The group '{SystemMachine.MachineName}' belongs to the cluster itself and takes no calls but queries.");
            return;
        }

        if (request.Kind is RequestKind.Command && !IsAcceptable(node, replica, request))
            return;
        if (!node.Admission.TryEnter())
            Refuse(request, ReplyStatus.Overloaded, $"{node.Options.PendingRequestsMax} calls are under way on this node.");
        else if (request.Kind == RequestKind.Query && replica.TryAnswerAtOnce(request))
            return;
        else if (request.Kind == RequestKind.Watch && replica.TryAnswerWatchAtOnce(request))
            return;
        else if (!replica.Shard.TryPost(ShardMail.Request(replica, request)))
            replica.RefuseAdmitted(request, node.IsStopped ? ReplyStatus.NodeStopped : ReplyStatus.Overloaded, node.IsStopped ? node.StopSentence : "The group's queue is full.");
    }

    /// <summary>What can't be decoded or replicated is refused before it is logged: nobody may ever find it in a log.</summary>
    private static bool IsAcceptable(NodeContext node, GroupReplica replica, NodeRequest request)
    {
        if (request.Payload.Length > node.Options.CommandBytesMax)
        {
            Refuse(request, ReplyStatus.PayloadTooLarge, $"The command has {request.Payload.Length} bytes; at most {node.Options.CommandBytesMax} are accepted (transport.max_message_size).");
            return false;
        }

        var header = new CommandHeader { Session = request.Session, IdempotencyKey = request.IdempotencyKey.Span, Caller = request.Caller };
        if (header.Flaw is { } flaw)
        {
            Refuse(request, ReplyStatus.InvalidCommand, flaw);
            return false;
        }

        request.Since = 1;
        if (node.DefinitionOf(replica.Description.Machine) is not { } definition)
            return true;
        try
        {
            request.Since = definition.ValidateCommand(new ReadOnlySequence<byte>(request.Payload.Memory));
            return true;
        }
        catch (UnknownCommandException unknown)
        {
            Refuse(request, ReplyStatus.UnknownCommand, unknown.Message);
        }
        catch (InvalidCommandException invalid)
        {
            Refuse(request, ReplyStatus.InvalidCommand, invalid.Message);
        }

        return false;
    }

    private void RefuseUnknown(NodeContext node, NodeRequest request)
    {
        bool expected = request.Machine is null ? _machines.Count > 0 : _machines.Any(machine => machine.Name == request.Machine);
        if (request.Machine is null && node.Cluster.Groups.Count > 1)
            Refuse(request, ReplyStatus.UnknownMachine, "The cluster hosts several machines, so a call must name one.");
        else if (expected)
            Refuse(request, ReplyStatus.NoLeader, "The cluster has not been formed yet, or doesn't run the machine yet.");
        else
            Refuse(request, ReplyStatus.UnknownMachine, $"The cluster hosts no machine '{request.Machine}'.");
    }

    private static void Refuse(NodeRequest request, ReplyStatus status, string message)
    {
        request.Payload.Release();
        request.Payload = default;
        request.Complete(new NodeReply { Status = status, Message = message });
    }

    private NodeState StateOf(NodeContext node)
    {
        NodeState state = _state;
        if (node.Failure is not null)
            return NodeState.Failed;
        return state == NodeState.Waiting && node.Identity.ClusterGuid is not null ? NodeState.Running : state;
    }

    private static List<MemberStatus> MembersOf(NodeContext node)
    {
        var members = new List<MemberStatus>();
        foreach (Member member in node.Cluster.Members.Values.OrderBy(static member => member.Name, StringComparer.Ordinal))
        {
            bool self = member.Id == node.Identity.RaftId;
            members.Add(new MemberStatus(member.Name, member.Id, member.PeerAddress, member.HttpAddress, self, self || node.Peers.Find(member.Id) is { IsConnected: true })
            {
                Machines = member.Machines,
            });
        }

        return members;
    }

    /// <summary>All shards are done: close everything, on the last one's thread.</summary>
    private void Close()
    {
        NodeContext node = _node!;
        CloseQuietly(node, "the transport", () =>
        {
            _peers!.Close();
            _services.Transport.Dispose();
        });
        _services.Scheduler.Remove(node.Supervisor);
        node.Supervisor.Administrator.Close();
        _services.Scheduler.Remove(node.Snapshots);
        _services.Scheduler.Remove(node.Storage);
        foreach (Shard shard in node.Shards)
            _services.Scheduler.Remove(shard);
        foreach (GroupReplica replica in node.Groups.All)
            replica.CloseWorker(node.StopSentence);
        CloseQuietly(node, "the snapshots", node.Snapshots.Close);
        CloseQuietly(node, "the log store", node.Store.Dispose);
        CloseQuietly(node, "the data directory", _directory!.Dispose);
        node.Log.Stopped(_options.Name);
        Action[] callbacks;
        lock (_gate)
        {
            _state = node.Failure is null ? NodeState.Stopped : NodeState.Failed;
            callbacks = [.. _whenStopped];
        }

        if (node.Failure is { } failure)
            OnFailed?.Invoke(failure);
        foreach (Action callback in callbacks)
            callback();
    }

    /// <summary>A part that can't be closed, be it because a failed disk refuses, must not keep the others open.</summary>
    private static void CloseQuietly(NodeContext node, string what, Action close)
    {
        try
        {
            close();
        }
        catch (Exception failure)
        {
            node.Log.CloseFailed(failure, what);
        }
    }
}
