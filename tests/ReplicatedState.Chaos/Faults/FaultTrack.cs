using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Faults;

/// <summary>Inflicts faults one after the other: each once in a random order, then again. Two tracks at a time make faults of processes meet those of links.</summary>
internal sealed class FaultTrack(ChaosCluster cluster, IReadOnlyList<IFault> faults, int seed)
{
    private static readonly TimeSpan CalmMax = TimeSpan.FromSeconds(1.5);
    private readonly Dictionary<FaultKind, int> _happened = faults.ToDictionary(fault => fault.Kind, _ => 0);
    private readonly Lock _lock = new();

    /// <summary>How often each really happened.</summary>
    public IReadOnlyDictionary<FaultKind, int> Happened
    {
        get
        {
            lock (_lock)
                return new Dictionary<FaultKind, int>(_happened);
        }
    }

    /// <summary>Goes on until told to stop; everything is healed then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (faults.Count == 0)
            return;
        var random = new Random(seed);
        IFault[] round = [.. faults];
        try
        {
            while (true)
            {
                random.Shuffle(round);
                foreach (IFault fault in round)
                {
                    cluster.ThrowIfOneDied();
                    stop.ThrowIfCancellationRequested();
                    if (await fault.InflictAsync(random, stop))
                        Count(fault.Kind);
                    await Task.Delay(CalmMax * random.NextDouble(), stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private void Count(FaultKind kind)
    {
        lock (_lock)
            _happened[kind]++;
    }
}
