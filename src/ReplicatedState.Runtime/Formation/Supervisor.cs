using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Space;

namespace ReplicatedState.Runtime.Formation;

/// <summary>The actor that looks after the node as a whole, a few times a second: formation, streams to the members, missing groups, free space.</summary>
internal sealed class Supervisor : IActor
{
    private const int LookIntervalMsMax = 250;
    private const int OffersMax = 64;
    private readonly NodeContext _node;
    private readonly Mailbox<FormationOffer> _offers = new(OffersMax);
    private readonly Mailbox<Action> _completions = new(int.MaxValue);
    private readonly ClusterFormation _formation;
    private readonly PeerUpkeep _peers;
    private readonly ClusterReconciler _reconciler;
    private readonly GroupReconciler _groups;
    private readonly SpaceWatch _space;
    private readonly int _lookIntervalMs;
    private IWakeHandle? _wake;
    private long _nextLookMs;
    private long _stopAtMs = long.MaxValue;
    private string _stopSentence = "";

    public Supervisor(NodeContext node, ClusterFormation formation, PeerUpkeep peers, SpaceWatch space)
    {
        _node = node;
        _formation = formation;
        _peers = peers;
        _groups = new GroupReconciler(node);
        _reconciler = new ClusterReconciler(node, _groups);
        Administrator = new Administrator(node, _groups);
        _space = space;
        _lookIntervalMs = Math.Min(LookIntervalMsMax, node.Options.Raft.HeartbeatIntervalMs);
    }

    /// <inheritdoc/>
    public string Name => "supervisor";

    /// <summary>What operators have asked for.</summary>
    public Administrator Administrator { get; }

    /// <summary>Starts to take turns.</summary>
    public void Start(IScheduler scheduler)
    {
        _wake = scheduler.Add(this);
        _wake.Wake();
    }

    /// <summary>Something changed that is worth a look. Any thread.</summary>
    public void Wake()
    {
        Volatile.Write(ref _nextLookMs, 0);
        _wake?.Wake();
    }

    /// <summary>A cluster was offered to this node. Any thread.</summary>
    public void OnOffer(FormationOffer offer)
    {
        if (_offers.TryPost(offer))
            _wake?.Wake();
    }

    /// <summary>Continues on this actor. Any thread.</summary>
    public void Post(Action completion)
    {
        _completions.Post(completion);
        _wake?.Wake();
    }

    /// <summary>Stops the node, for good reason, but not at once. On this actor.</summary>
    public void StopLater(string sentence, long atMs)
    {
        if (_stopAtMs == long.MaxValue)
            (_stopAtMs, _stopSentence) = (atMs, sentence);
    }

    /// <inheritdoc/>
    public bool RunOnce()
    {
        if (_node.IsStopped)
            return false;
        try
        {
            return Turn();
        }
        catch (Exception failure)
        {
            _node.Fail($"The node could not look after itself, so it stops: {failure.Message}", failure);
            return false;
        }
    }

    private bool Turn()
    {
        bool worked = false;
        foreach (ref readonly FormationOffer offer in _offers.Drain())
        {
            _formation.OnOffer(offer);
            worked = true;
        }

        foreach (Action completion in _completions.Drain())
        {
            completion();
            worked = true;
        }

        long now = _node.Clock.MonotonicMs;
        if (now >= _stopAtMs)
        {
            _node.Fail(_stopSentence, null);
            return true;
        }

        if (now >= Volatile.Read(ref _nextLookMs))
        {
            Volatile.Write(ref _nextLookMs, now + _lookIntervalMs);
            _peers.Look();
            _formation.Look(now);
            _groups.Look();
            _reconciler.Look(now);
            Administrator.Look(now);
            _space.Look(now);
            _node.Cursors.Expire(now);
        }

        _wake!.WakeAt(Volatile.Read(ref _nextLookMs));
        return worked;
    }
}
