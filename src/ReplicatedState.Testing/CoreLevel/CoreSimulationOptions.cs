using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.CoreLevel;

/// <summary>Everything that varies between simulated runs. <see cref="Draw"/> derives all of it from the seed, so that a seed is a whole run.</summary>
public sealed record CoreSimulationOptions
{
    /// <summary>How many nodes.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How long faults last, in microseconds of simulated time.</summary>
    public long FaultyUs { get; init; } = 30_000_000;

    /// <summary>After the faults: within so many of the longest election timeouts the cluster must be whole again.</summary>
    public int ConvergeWithinElections { get; init; } = 60;

    /// <summary>The length of a tick in microseconds.</summary>
    public int TickUs { get; init; } = 25_000;

    /// <summary>The template of every core's configuration; the identity is filled in.</summary>
    public CoreConfig Core { get; init; } = new() { Self = new RaftId(1) };

    /// <summary>Some nodes are preferred as leaders.</summary>
    public bool Priorities { get; init; }

    /// <summary>The network during the faulty time.</summary>
    public NetworkFaults Network { get; init; } = NetworkFaults.None;

    /// <summary>The mean time between cuts of links, in microseconds; 0 for none.</summary>
    public int PartitionEveryUs { get; init; }

    /// <summary>The mean time between crashes, in microseconds; 0 for none.</summary>
    public int CrashEveryUs { get; init; }

    /// <summary>Of a thousand crashes so many hit all nodes at once.</summary>
    public int PowerCutPerMille { get; init; }

    /// <summary>Of a thousand crashed nodes so many are back within 50 ms, before anybody has noticed.</summary>
    public int QuickRestartPerMille { get; init; } = 300;

    /// <summary>The mean time between pauses of a node (stopped by its operating system, with its memory intact), in microseconds; 0 for none.</summary>
    public int PauseEveryUs { get; init; }

    /// <summary>The mean time between suspensions of a machine, which stop its monotonic clock, in microseconds; 0 for none.</summary>
    public int SuspendEveryUs { get; init; }

    /// <summary>The mean time between settings of a wall clock, in microseconds; 0 for none.</summary>
    public int SetWallClockEveryUs { get; init; }

    /// <summary>By how many thousandths at most a node's monotonic clock runs faster or slower than true time.</summary>
    public int ClockGainPerMilleMax { get; init; }

    /// <summary>The shortest sync of a disk, in microseconds.</summary>
    public int SyncUsMin { get; init; } = 200;

    /// <summary>The longest usual sync.</summary>
    public int SyncUsMax { get; init; } = 2_000;

    /// <summary>Of a thousand syncs so many take up to a second.</summary>
    public int SlowSyncPerMille { get; init; }

    /// <summary>The most operations that one sync covers; 1 means no group commit.</summary>
    public int GroupCommitMax { get; init; } = int.MaxValue;

    /// <summary>How long, at most, after a sync the core hears of it, in microseconds.</summary>
    public int ReportDelayUsMax { get; init; }

    /// <summary>How long, at most, committed entries wait to be applied, in microseconds.</summary>
    public int ApplyDelayUsMax { get; init; }

    /// <summary>Of a thousand applies so many are followed by the state becoming durable, as that of a machine that keeps its state on disk.</summary>
    public int SaveStatePerMille { get; init; }

    /// <summary>A snapshot is taken after so many applied entries; 0 for never.</summary>
    public int SnapshotEveryEntries { get; init; }

    /// <summary>Entries that compaction leaves below a snapshot.</summary>
    public int TrailingEntries { get; init; }

    /// <summary>The mean time between proposals, in microseconds.</summary>
    public int ProposeEveryUs { get; init; } = 10_000;

    /// <summary>The most commands of one proposal.</summary>
    public int BatchMax { get; init; } = 4;

    /// <summary>The largest command in bytes.</summary>
    public int CommandBytesMax { get; init; } = 32;

    /// <summary>The mean time between reads, in microseconds.</summary>
    public int ReadEveryUs { get; init; } = 50_000;

    /// <summary>The mean time between interventions (leadership transfers, ordered campaigns), in microseconds; 0 for none.</summary>
    public int InterveneEveryUs { get; init; }

    /// <summary>The mean time between orders to a node, usually the leader, not to lead for a while, in microseconds; 0 for none.</summary>
    public int DistrustEveryUs { get; init; }

    /// <summary>
    /// Of a thousand acknowledgements of what isn't committed yet so many are followed by the loss of whoever gave them: it restarts on an older copy of its disk and has to say so; after a while it gets
    /// the right one back. One node at a time.
    /// </summary>
    public int LoseWritesPerMille { get; init; }

    /// <summary>Nodes beyond <see cref="Nodes"/> that know nothing of the group until somebody adds them.</summary>
    public int Spares { get; init; }

    /// <summary>The mean time between changes of members, in microseconds; 0 for none.</summary>
    public int ReconfigureEveryUs { get; init; }

    /// <summary>Draws a run's options from its seed.</summary>
    public static CoreSimulationOptions Draw(SeededRandom random)
    {
        int electionMin = random.Between(6, 20);
        int delayMin = random.Between(50, 1_000);
        int tickMs = random.Between(15, 50);
        int clockGain = random.OneOf(0, 1, 10, 50);
        bool checkQuorum = random.Chance(700);
        bool leases = checkQuorum && random.Chance(700);
        bool reconfigures = random.Chance(400);
        bool calm = random.Chance(100); // some runs without faults: what goes wrong there, goes wrong by itself
        var options = new CoreSimulationOptions
        {
            Nodes = random.OneOf(3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 4, 2),
            TickUs = tickMs * 1000,
            Core = new CoreConfig
            {
                Self = new RaftId(1),
                HeartbeatTicks = random.Between(1, 3),
                ElectionTicksMin = electionMin,
                ElectionTicksMax = electionMin + random.Between(2, 20),
                PreVote = random.Chance(700),
                CheckQuorum = checkQuorum,
                TickMs = tickMs,
                LeasePromiseMs = leases ? electionMin * tickMs / random.OneOf(1, 1, 2) : 0,
                MaxClockDriftPerMille = 2 * clockGain,
                AbstainTicks = leases || random.Chance(200) ? electionMin + 2 : 0,
                AppendEntriesMax = random.OneOf(1, 2, 8, 64),
                AppendBytesMax = random.OneOf(64, 1024, 256 * 1024),
                InflightMessagesMax = random.OneOf(1, 2, 8, 32),
                InflightBytesMax = random.OneOf(256, 4096, 8 * 1024 * 1024),
                UncommittedBytesMax = random.OneOf(1024, 64 * 1024, 64 * 1024 * 1024),
                UnappliedBytesMax = random.OneOf(4096, 64 * 1024 * 1024),
                PendingReadsMax = random.OneOf(4, 65536),
                CaughtUpEntriesMax = random.OneOf(0, 10, 1024),
            },
            Priorities = random.Chance(300),
            Network = new NetworkFaults
            {
                DelayUsMin = delayMin,
                DelayUsMax = delayMin + random.OneOf(0, 500, 5_000, 20_000),
                LostPerMille = calm ? 0 : random.OneOf(0, 0, 10, 50, 200),
                DoubledPerMille = calm ? 0 : random.OneOf(0, 10, 50, 200),
                LatePerMille = calm ? 0 : random.OneOf(0, 2, 20, 150),
            },
            PartitionEveryUs = calm ? 0 : random.OneOf(0, 1_000_000, 3_000_000, 8_000_000),
            CrashEveryUs = calm ? 0 : random.OneOf(0, 1_000_000, 3_000_000, 8_000_000),
            PowerCutPerMille = random.OneOf(0, 100),
            PauseEveryUs = calm ? 0 : random.OneOf(0, 0, 3_000_000),
            SuspendEveryUs = calm ? 0 : random.OneOf(0, 0, 3_000_000),
            SetWallClockEveryUs = calm ? 0 : random.OneOf(0, 0, 2_000_000),
            ClockGainPerMilleMax = clockGain,
            SyncUsMin = random.OneOf(50, 400),
            SyncUsMax = random.OneOf(500, 5_000, 20_000),
            SlowSyncPerMille = random.OneOf(0, 5, 50),
            GroupCommitMax = random.OneOf(1, 3, int.MaxValue, int.MaxValue),
            ReportDelayUsMax = random.OneOf(0, 0, 1_000, 10_000),
            ApplyDelayUsMax = random.OneOf(0, 0, 2_000, 50_000),
            SaveStatePerMille = random.OneOf(0, 0, 50, 1000),
            SnapshotEveryEntries = random.OneOf(0, 20, 100, 400),
            TrailingEntries = random.OneOf(0, 5, 50),
            ProposeEveryUs = random.OneOf(10_000, 40_000, 40_000, 150_000),
            BatchMax = random.OneOf(1, 3, 8),
            CommandBytesMax = random.OneOf(8, 64, 400),
            ReadEveryUs = random.OneOf(50_000, 200_000, 1_000_000),
            InterveneEveryUs = random.OneOf(0, 0, 2_000_000, 500_000),
            Spares = reconfigures ? random.Between(0, 3) : 0,
            ReconfigureEveryUs = reconfigures ? random.OneOf(200_000, 1_000_000, 3_000_000) : 0,
        };
        return calm ? options : CoreSimulationProfile.Draw(random, options);
    }
}
