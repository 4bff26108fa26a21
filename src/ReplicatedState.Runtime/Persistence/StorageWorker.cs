using System.Runtime.InteropServices;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Persistence;

/// <summary>The one actor that writes to the log store: it takes everything that waits, of all groups, writes it, syncs once, and sends what waited for that.</summary>
/// <remarks>
/// While a sync runs, more gathers: that is the group commit, and it needs no delay. Any failure of a write or a sync stops the node: nobody can say any more what the
/// disk holds, so nothing else is sent and nothing is tried again (persistence rule P10).
/// </remarks>
internal sealed class StorageWorker : ISpinningActor
{
    private readonly NodeContext _node;
    private readonly ILogStore _store;
    private readonly Mailbox<StorageMail> _mailbox = new(int.MaxValue);
    private readonly FrameAssembler _frames;
    private readonly bool _syncEntries;
    private readonly int _batchMax;
    private readonly long _batchDelayMaxUs;
    private IWakeHandle? _wake;
    private bool _maintaining;

    public StorageWorker(NodeContext node, ILogStore store)
    {
        _node = node;
        _store = store;
        _frames = node.NewAssembler();
        _syncEntries = node.Options.Storage.SyncWrites;
        _batchMax = node.Options.Storage.MaxBatchSize;
        _batchDelayMaxUs = node.Options.Storage.MaxBatchDelayUs;
    }

    /// <inheritdoc/>
    public string Name => "storage";

    /// <inheritdoc/>
    public bool ExpectsWorkSoon => _node.HasRequestsUnderWay;

    /// <summary>Syncs so far.</summary>
    public long Syncs { get; private set; }

    /// <summary>Operations written so far.</summary>
    public long Operations { get; private set; }

    /// <summary>Starts to take turns.</summary>
    public void Start(IScheduler scheduler)
    {
        _wake = scheduler.Add(this);
        _wake.Wake();
    }

    /// <summary>Leaves a request; call <see cref="Wake"/> after the last of a turn.</summary>
    public void Post(in StorageMail mail) => _mailbox.Post(mail);

    /// <summary>Says that something was posted.</summary>
    public void Wake() => _wake?.Wake();

    /// <inheritdoc/>
    public bool RunOnce()
    {
        if (_node.IsStopped)
            return false;
        try
        {
            ReadOnlySpan<StorageMail> waiting = _mailbox.Drain();
            if (waiting.IsEmpty)
                return _maintaining && (_maintaining = _store.Maintain());
            while (!waiting.IsEmpty)
                waiting = waiting[Execute(waiting[..Math.Min(_batchMax, waiting.Length)])..];
            _maintaining = true;
            return true;
        }
        catch (Exception failure)
        {
            _node.Fail(
                "A write or sync of the log failed, so nobody can say what the disk holds; the node stops and acknowledges nothing more. "
                + $"Free or replace the disk and restart; the checks at start tell whether the data is whole. Cause: {failure.Message}",
                failure);
            return false;
        }
    }

    /// <summary>Writes what waits, or as much of it as there is time for, and makes it durable; returns how many operations that were.</summary>
    private int Execute(ReadOnlySpan<StorageMail> waiting)
    {
        long syncAtUs = _node.Clock.MonotonicUs + _batchDelayMaxUs;
        bool mustSync = false;
        int written = 0;
        do
            mustSync |= Write(waiting[written++]);
        while (written < waiting.Length && _node.Clock.MonotonicUs < syncAtUs);
        ReadOnlySpan<StorageMail> batch = waiting[..written];
        if (mustSync)
        {
            _store.Sync();
            Syncs++;
        }

        foreach (ref readonly StorageMail mail in batch)
        {
            if (mail.Kind != StorageMailKind.Persist)
                continue;
            foreach (ref readonly Message message in CollectionsMarshal.AsSpan(mail.Operation!.AfterDurable))
                _frames.Add(message);
        }

        _frames.Flush();
        _frames.ForgetUnreachable();
        foreach (ref readonly StorageMail mail in batch)
            Report(mail);
        return written;
    }

    private bool Write(in StorageMail mail)
    {
        switch (mail.Kind)
        {
            case StorageMailKind.Persist:
            case StorageMailKind.Bootstrap:
                Persist operation = mail.Operation!;
                _store.Write(mail.Group, operation);
                foreach (Entry entry in operation.Entries)
                    entry.Release();
                Operations++;
                return operation.MustSync && (_syncEntries || operation.Snapshot is not null || mail.Replica is null || ChangesVote(mail.Replica, operation));
            case StorageMailKind.SetSnapshot:
                _store.SetSnapshot(mail.Group, mail.Snapshot!);
                return true;
            default:
                _store.Compact(mail.Group, mail.Base);
                return false;
        }
    }

    /// <summary>Terms and votes are synced also where entries aren't (<c>storage.sync_writes</c>): a vote that is forgotten elects two leaders.</summary>
    private static bool ChangesVote(GroupReplica replica, Persist operation)
    {
        if (operation.HardState is not { } hardState || replica.WrittenVote == (hardState.Term, hardState.Vote))
            return false;
        replica.WrittenVote = (hardState.Term, hardState.Vote);
        return true;
    }

    private static void Report(in StorageMail mail)
    {
        switch (mail.Kind)
        {
            case StorageMailKind.Persist:
                // The operation belongs to the core again as soon as this is heard: it is not touched afterwards.
                mail.Replica!.Shard.Post(ShardMail.Persisted(mail.Replica, mail.Operation!));
                break;
            case StorageMailKind.SetSnapshot:
                mail.Replica!.Shard.Post(ShardMail.SnapshotRecorded(mail.Replica, mail.Snapshot!));
                break;
            case StorageMailKind.Bootstrap:
                mail.Durable?.Invoke(); // nobody waits for the first entry of a group: see GroupReplica.BeginWithFirstEntry
                break;
        }
    }
}
