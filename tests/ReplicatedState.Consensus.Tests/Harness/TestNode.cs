using System.Text;

namespace ReplicatedState.Consensus.Tests.Harness;

/// <summary>One core with a disk whose syncs finish when the test says so.</summary>
internal sealed class TestNode
{
    private readonly Effects _effects = new();
    private readonly CoreConfig _config;
    private readonly ulong _seed;
    private readonly Queue<Persist> _unsynced = new();
    private DurableLog _disk;
    private ClockReading _clock = new(1_000_000, 0);

    public TestNode(CoreConfig config, DurableLog disk, ulong seed)
    {
        _config = config;
        _seed = seed;
        _disk = disk;
        Boot();
    }

    public RaftId Id => _config.Self;

    public RaftCore Core { get; private set; } = null!;

    /// <summary>The log in memory, ahead of the disk.</summary>
    public DurableLog Log { get; private set; } = null!;

    /// <summary>The log on the disk.</summary>
    public DurableLog Disk => _disk;

    /// <summary>While true, operations queue up and nothing becomes durable.</summary>
    public bool DiskIsSlow { get; set; }

    public List<Message> Outbox { get; } = [];

    public List<string> Applied { get; } = [];

    public ulong AppliedIndex { get; private set; }

    public List<ConfirmedRead> Reads { get; } = [];

    public List<ReadContext> ReadsFailed { get; } = [];

    public List<SnapshotNeed> SnapshotNeeds { get; } = [];

    public List<LostEntries> LostEntries { get; } = [];

    public CoreStatus Status => Core.Status;

    public bool IsLeader => Status.Role == RaftRole.Leader;

    /// <summary>Loses everything that was not synced, and starts again.</summary>
    public void Crash()
    {
        _unsynced.Clear();
        Outbox.Clear();
        Boot();
    }

    /// <summary>Starts again from an earlier copy of its disk.</summary>
    public void Restore(DurableLog backup)
    {
        _disk = backup;
        Crash();
    }

    /// <summary>The operation that will be durable next; null where none waits.</summary>
    public Persist? NextToSync => _unsynced.TryPeek(out Persist? next) ? next : null;

    /// <summary>Crashes in the middle of the next operation: of it, the disk has the hard state alone.</summary>
    public void CrashAfterTheHardState()
    {
        _disk.WriteHardState(_unsynced.Peek());
        Crash();
    }

    public ProposeResult Propose(string command)
    {
        ProposalData[] batch = [new ProposalData(EntryKind.Command, Payload.Of(Encoding.UTF8.GetBytes(command)))];
        ProposeResult result = Core.Propose(batch);
        Pump();
        return result;
    }

    /// <summary>Changes the members; made for the configuration in force where no other index is given.</summary>
    public ConfigResult ProposeConfig(ConfigChange change, ulong? expectedConfigIndex = null)
    {
        ConfigResult result = Core.ProposeConfig(change, expectedConfigIndex ?? ConfigIndex);
        Pump();
        return result;
    }

    public ulong ConfigIndex => Core.ConfigurationIndex;

    /// <summary>The configurations that the log holds, by index.</summary>
    public IEnumerable<(ulong Index, Configuration Configuration)> ConfigEntries()
    {
        for (ulong index = Log.FirstIndex; index <= Log.LastIndex; index++)
        {
            if (Log[index].Kind == EntryKind.Config)
                yield return (index, ConfigurationCodec.Decode(Log[index].Payload.Span));
        }
    }

    public void Step(in Message message)
    {
        Core.Step(message);
        Pump();
    }

    public void Tick(int times = 1)
    {
        for (int i = 0; i < times; i++)
            Core.Tick();
        Pump();
    }

    /// <summary>Time passes by this node's clocks; nothing runs.</summary>
    public void AdvanceClock(long ms) => Core.Clock = _clock = new ClockReading(_clock.WallMs + ms, _clock.MonotonicMs + ms);

    public void RequestRead(ReadContext context, ReadMode mode = ReadMode.Linearizable)
    {
        Core.RequestRead(context, mode);
        Pump();
    }

    /// <summary>Finishes the oldest operation only.</summary>
    public void SyncOne()
    {
        Finish(_unsynced.Dequeue());
        Pump();
    }

    public int UnsyncedOperations => _unsynced.Count;

    public void Sync()
    {
        while (_unsynced.Count > 0)
            SyncOne();
    }

    public void Pump()
    {
        while (Core.HasEffects || (!DiskIsSlow && _unsynced.Count > 0))
        {
            Core.TakeEffects(_effects);
            if (_effects.Persist is { } operation)
            {
                Log.Write(operation);
                _unsynced.Enqueue(operation);
            }

            foreach (Message message in _effects.SendNow)
                Outbox.Add(message with { Entries = message.Entries.ToArray() });
            Reads.AddRange(_effects.Reads);
            ReadsFailed.AddRange(_effects.ReadsFailed);
            SnapshotNeeds.AddRange(_effects.SnapshotNeeds);
            if (_effects.LostEntries is { } lost)
                LostEntries.Add(lost);
            Apply(_effects.ApplyAfter, _effects.ApplyThrough);
            if (!DiskIsSlow && _unsynced.Count > 0)
                Finish(_unsynced.Dequeue());
        }
    }

    private void Finish(Persist operation)
    {
        SnapshotMeta? snapshot = operation.Snapshot;
        _disk.Write(operation);
        Outbox.AddRange(operation.AfterDurable);
        Core.OnPersisted(operation.Token);
        if (snapshot is null)
            return;
        AppliedIndex = snapshot.Index;
        Core.OnApplied(snapshot.Index);
    }

    private void Apply(ulong after, ulong through)
    {
        if (after == through)
            return;
        Assert.Equal(AppliedIndex, after);
        for (ulong index = after + 1; index <= through; index++)
        {
            Entry entry = Log[index];
            if (entry.Kind == EntryKind.Command)
                Applied.Add(Encoding.UTF8.GetString(entry.Payload.Span));
        }

        AppliedIndex = through;
        Core.OnApplied(through);
    }

    private void Boot()
    {
        Log = _disk.Clone();
        AppliedIndex = Log.Snapshot.Index;
        Applied.Clear();
        Core = new RaftCore(_config, new PersistedState(_disk.HardState, Log.Snapshot.Index), Log, new SplitMixRng(_seed + Id.Value)) { Clock = _clock };
    }
}
