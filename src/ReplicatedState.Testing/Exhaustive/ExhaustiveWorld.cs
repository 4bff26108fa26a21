using ReplicatedState.Consensus;
using ReplicatedState.Testing.CoreLevel;

namespace ReplicatedState.Testing.Exhaustive;

/// <summary>A cluster of cores to which one thing happens at a time. It knows what can happen next, and what makes it the same as another one.</summary>
/// <remarks>
/// Cores can't be copied, so a world is made anew for every schedule and plays it from the beginning: the same steps lead to the same world. Time stands still,
/// and nobody's timer runs out by itself.
/// </remarks>
internal sealed class ExhaustiveWorld : ICoreClusterHost
{
    private readonly ExhaustiveBounds _bounds;
    private readonly CoreCluster _cluster;
    private readonly ExhaustiveNetwork _network;
    private readonly List<Message> _old = [];
    private readonly Queue<CoreNode> _toApply = new();
    private readonly StateHasher _hasher;
    private int _campaigns;
    private int _commands;
    private int _crashes;
    private int _networkFaults;
    private int _heartbeats;
    private int _reads;

    public ExhaustiveWorld(ExhaustiveBounds bounds, CoreMutant mutant, StateHasher hasher)
    {
        _bounds = bounds;
        _hasher = hasher;
        _network = new ExhaustiveNetwork(hasher, bounds.OrderedLinks);
        // No time passes, and clocks that differ would only make nodes differ that are alike.
        _cluster = new CoreCluster(bounds.Nodes, id => ConfigOf(id, mutant), this, new VirtualClock(), new SeededRandom(1), clocksAgree: true);
        ApplyAll();
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<CoreNode> Nodes => _cluster.Nodes;

    /// <summary>Timers don't run, so their lengths mean nothing; one entry an Append, so that every prefix of a log is on its way at some time.</summary>
    private static CoreConfig ConfigOf(RaftId id, CoreMutant mutant) => new()
    {
        Self = id,
        PreVote = false,
        CheckQuorum = false,
        HeartbeatTicks = 1,
        ElectionTicksMin = 1_000_000,
        ElectionTicksMax = 1_000_000,
        AppendEntriesMax = 1,
        Mutant = mutant,
    };

    /// <summary>Everything that can happen next, always in the same order.</summary>
    public void CollectSteps(List<ExhaustiveStep> into)
    {
        into.Clear();
        foreach (CoreNode node in _cluster.Nodes)
            CollectStepsOf(node, into);
        for (int i = 0; i < _network.Count; i++)
        {
            if (!_network.IsNext(i))
                continue;
            byte to = (byte)(_network[i].To.Value - 1);
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Deliver, to, (ushort)i));
            if (_networkFaults == _bounds.NetworkFaults)
                continue;
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Lose, to, (ushort)i));
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Double, to, (ushort)i));
            if (!_network.IsLate(i))
                into.Add(new ExhaustiveStep(ExhaustiveStepKind.Delay, to, (ushort)i));
        }
    }

    /// <summary>Lets a step happen.</summary>
    /// <param name="step">What happens.</param>
    /// <param name="isReplay">It happened before in a world like this one.</param>
    /// <exception cref="SimulationViolationException">It breaks a promise.</exception>
    /// <exception cref="InvariantViolationException">The core contradicts itself.</exception>
    public void Play(ExhaustiveStep step, bool isReplay)
    {
        CoreNode node = _cluster.Nodes[step.Node];
        switch (step.Kind)
        {
            case ExhaustiveStepKind.Campaign:
                _campaigns++;
                _cluster.Campaign(node);
                break;
            case ExhaustiveStepKind.Deliver:
                _cluster.Deliver(_network.Take(step.Detail));
                break;
            case ExhaustiveStepKind.Lose:
                _networkFaults++;
                _network.Take(step.Detail);
                break;
            case ExhaustiveStepKind.Double:
                _networkFaults++;
                _network.Delay(step.Detail);
                _cluster.Deliver(_network[step.Detail]);
                break;
            case ExhaustiveStepKind.Delay:
                _networkFaults++;
                _network.Delay(step.Detail);
                break;
            case ExhaustiveStepKind.Sync:
                Sync(node);
                break;
            case ExhaustiveStepKind.Crash:
                _crashes++;
                _cluster.Crash(node, step.Detail);
                _cluster.Restart(node);
                break;
            case ExhaustiveStepKind.Propose:
                _commands++;
                _cluster.Propose(node, commands: 1, bytes: sizeof(ulong));
                break;
            case ExhaustiveStepKind.Heartbeat:
                _heartbeats++;
                _cluster.Tick(node);
                break;
            case ExhaustiveStepKind.Read:
                _reads++;
                _cluster.Read(node, ReadMode.Linearizable);
                break;
            default:
                throw new InvalidOperationException($"{step.Kind} is no step");
        }

        while (!_bounds.SlowDisks && node.Pending.Count > 0)
            Sync(node);
        ApplyAll();
        PutOldTermsAside();
        if (!isReplay)
            DeliverOldTerms(node); // in a replay they changed nothing the first time
    }

    /// <summary>Says what a step does, before it is played.</summary>
    public string Describe(ExhaustiveStep step)
    {
        CoreNode node = _cluster.Nodes[step.Node];
        return step.Kind switch
        {
            ExhaustiveStepKind.Campaign => $"{node} campaigns",
            ExhaustiveStepKind.Deliver => $"{Text(_network[step.Detail])} arrives",
            ExhaustiveStepKind.Lose => $"{Text(_network[step.Detail])} is lost",
            ExhaustiveStepKind.Double => $"{Text(_network[step.Detail])} arrives, and will once more",
            ExhaustiveStepKind.Delay => $"{Text(_network[step.Detail])} is late",
            ExhaustiveStepKind.Sync => $"the oldest of {node.Pending.Count} writes of {node} is durable",
            ExhaustiveStepKind.Crash => $"{node} loses power, {step.Detail} of its {node.Pending.Count} unsynced writes survive, and it starts again",
            ExhaustiveStepKind.Propose => $"a client proposes a command to {node}",
            ExhaustiveStepKind.Heartbeat => $"{node} sends heartbeats",
            ExhaustiveStepKind.Read => $"a client asks {node} for a read",
            _ => throw new InvalidOperationException($"{step.Kind} is no step"),
        };
    }

    /// <summary>
    /// Equal for worlds that can't be told apart from now on: cores, disks, queues, clients, messages, what the observer knows, and what may still happen. Nodes 2
    /// and 3 have had the same chances, so that a world counts as the same as its mirror image.
    /// </summary>
    public TraceHash Hash()
    {
        TraceHash plain = Hash(mirrored: false);
        TraceHash mirrored = Hash(mirrored: true);
        return plain.Low < mirrored.Low ? plain : mirrored;
    }

    private TraceHash Hash(bool mirrored)
    {
        _hasher.Begin(mirrored);
        _hasher.AddUnordered(_cluster.Nodes.Select(node => (node.Id, node)));
        _hasher.Add(_cluster.Ledger);
        _network.AddTo(_hasher, mirrored);
        _hasher.Add(Math.Min(_campaigns, 1));
        _hasher.Add(_commands);
        _hasher.Add(_crashes);
        _hasher.Add(_networkFaults);
        _hasher.Add(_heartbeats);
        _hasher.Add(_reads);
        return _hasher.End();
    }

    private TraceHash HashOf(CoreNode node)
    {
        _hasher.Begin(mirrored: false);
        _hasher.Add(node);
        return _hasher.End();
    }

    private void CollectStepsOf(CoreNode node, List<ExhaustiveStep> into)
    {
        byte number = (byte)node.Number;
        CoreStatus status = node.Core!.Status;
        bool leads = status.Role == RaftRole.Leader;
        // Nothing else happens before the first campaign, so that the nodes are alike: let it be the first node's.
        if (!leads && status.HardState.Term < 1 + (ulong)_bounds.Terms && (_campaigns > 0 || number == 0))
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Campaign, number));
        if (node.Pending.Count > 0)
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Sync, number));
        for (int surviving = 0; _crashes < _bounds.Crashes && _campaigns > 0 && surviving <= node.Pending.Count; surviving++)
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Crash, number, (ushort)surviving));
        if (leads && _commands < _bounds.Commands)
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Propose, number));
        if (leads && _heartbeats < _bounds.Heartbeats)
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Heartbeat, number));
        if (_campaigns > 0 && _reads < _bounds.Reads)
            into.Add(new ExhaustiveStep(ExhaustiveStepKind.Read, number));
    }

    private void Sync(CoreNode node)
    {
        _cluster.CompletePersists(node, 1);
        _cluster.ReportPersisted(node, onlyLast: true);
    }

    /// <summary>
    /// A message of a term below the one that its receiver has on disk can change nothing there any more. That it is still on its way must not make two worlds
    /// of one, so it is put aside; and because a bug may make it mean something all the same, it arrives again after whatever happens to its receiver.
    /// </summary>
    private void PutOldTermsAside()
    {
        for (int i = _network.Count - 1; i >= 0; i--)
        {
            Message message = _network[i];
            if (message.Term < _cluster[message.To].DurableHardState.Term && message.Kind is not (MessageKind.ReadIndex or MessageKind.TransferRequest))
                _old.Add(_network.Take(i));
        }
    }

    private void DeliverOldTerms(CoreNode node)
    {
        if (!_old.Exists(message => message.To == node.Id))
            return;
        TraceHash before = HashOf(node);
        int underWay = _network.Count;
        foreach (Message message in _old)
        {
            if (message.To == node.Id)
                _cluster.Deliver(message);
        }

        if (before != HashOf(node) || underWay != _network.Count)
        {
            string messages = string.Join(", ", _old.Where(message => message.To == node.Id));
            throw new SimulationViolationException("old term", $"{node} is changed by one of {messages}, although term {node.DurableHardState.Term} has begun there");
        }
    }

    private void ApplyAll()
    {
        while (_toApply.TryDequeue(out CoreNode? node))
            _cluster.Apply(node);
    }

    private static string Text(in Message message)
    {
        string entries = string.Join(' ', message.Entries.ToArray());
        return $"{message}{(entries.Length > 0 ? $" ({entries})" : "")}";
    }

    void ICoreClusterHost.OnSent(CoreNode from, in Message message) => _network.Add(message);

    void ICoreClusterHost.OnPersistQueued(CoreNode node)
    {
        // It becomes durable by a step.
    }

    void ICoreClusterHost.OnApplyQueued(CoreNode node) => _toApply.Enqueue(node);

    void ICoreClusterHost.OnSnapshotNeeded(CoreNode leader, RaftId follower, SnapshotMeta snapshot) =>
        throw new InvalidOperationException("nothing is compacted in an exhaustive search");
}
