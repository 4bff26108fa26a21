using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Faults;
using ReplicatedState.Chaos.Load;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Chaos;

/// <summary>Load and faults, then healing and a look at the replicas, and the history of it all.</summary>
internal sealed class ChaosRun(ChaosOptions options, ChaosCluster cluster)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConvergePatience = TimeSpan.FromSeconds(60);

    /// <summary>How much longer a run may take where the machine is too slow for one of each fault in the time given.</summary>
    private static readonly TimeSpan OvertimeMax = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);
    private readonly HistoryRecorder<RegisterCall, RegisterResult> _history = new(new SystemClock());
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Everything that clients did so far.</summary>
    public IReadOnlyList<Operation<RegisterCall, RegisterResult>> History => _history.History();

    /// <summary>Runs it all.</summary>
    /// <exception cref="ChaosFailedException">The cluster didn't do what it must.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (NodeProcess node in cluster.Nodes)
            node.Start();
        await cluster.WaitAsync("the first leader", StartPatience, views => ChaosCluster.LeaderOf(views) is not null, cancellationToken);
        var load = new RegisterLoad(cluster, _history, options.Clients, options.Seed);
        FaultTrack[] tracks =
        [
            new(cluster, Chosen(new KillFault(cluster, Say), new PauseFault(cluster, Say), new RestartFault(cluster, Say), new MembershipFault(cluster, Say)), options.Seed),
            new(cluster, Chosen([new PartitionFault(cluster, Say), new DelayFault(cluster, Say), .. Losses()]), options.Seed + 1),
            new(cluster, Chosen(new ClockFault(cluster, Say)), options.Seed + 2),
        ];
        using var stopFaults = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task loading = load.RunAsync(stopLoad.Token);
        Task reporting = ReportAsync(load, stopLoad.Token);
        Task[] inflicting = [.. tracks.Select(track => track.RunAsync(stopFaults.Token))];
        try
        {
            Task time = AwaitTimeAsync(tracks, stopFaults.Token);
            // Whatever fails ends the run at once.
            Task first = await Task.WhenAny([time, loading, reporting, .. inflicting.Where(track => !track.IsCompletedSuccessfully)]);
            await first;
            await stopFaults.CancelAsync();
            await Task.WhenAll(inflicting);
            cluster.Network.Heal();
            Say("all faults have ended");
            await Task.Delay(ReportInterval, cancellationToken);
        }
        finally
        {
            await stopFaults.CancelAsync();
            await stopLoad.CancelAsync();
        }

        await loading;
        await reporting;
        await cluster.AwaitAllBackAsync(cancellationToken);
        DateTimeOffset lastWrite = DateTimeOffset.UtcNow;
        await load.WriteAtLastAsync(WritePatience);
        Say("a write was acknowledged");
        await AwaitEqualReplicasAsync(lastWrite, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"reads by session, each as recent as its session: {load.BySession}"));
        CheckThatAllHappened(tracks);
    }

    private IEnumerable<IFault> Losses() => cluster.Network.Packets is { } packets ? [new LossFault(cluster, packets, Say)] : [];

    private IFault[] Chosen(params IFault[] all) => [.. all.Where(fault => options.Faults.Contains(fault.Kind))];

    /// <summary>The time asked for, and as much more as it takes for one of each fault.</summary>
    private async Task AwaitTimeAsync(FaultTrack[] tracks, CancellationToken stop)
    {
        TimeSpan time = TimeSpan.FromSeconds(options.Seconds);
        await Task.Delay(time, stop);
        while (tracks.Any(track => track.Happened.Values.Contains(0)) && Stopwatch.GetElapsedTime(_began) < time + OvertimeMax)
            await Task.Delay(100, stop);
    }

    private async Task AwaitEqualReplicasAsync(DateTimeOffset lastWrite, CancellationToken cancellationToken)
    {
        string members = string.Join(' ', cluster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        NodeView?[] views = await cluster.WaitAsync(
            $"equal replicas on {members}",
            ConvergePatience,
            views => views.All(view => view?.StateHash is not null && view.Members == members && view.Applied == view.Commit && view.ClockAlarm is null) && views.DistinctBy(view => view!.Applied).Count() == 1,
            cancellationToken,
            stateHash: true);
        if (views.DistinctBy(view => (view!.StateHash, view.ApplyHash)).Count() != 1)
            throw new ChaosFailedException($"The replicas have applied the same entries, and differ: {string.Join("; ", views.Select(view => view!.ToString()))}");
        LogTimeWatch.RequireCurrent(views[0]!, lastWrite);
        Say(string.Create(CultureInfo.InvariantCulture, $"{members} have the state hash {views[0]!.StateHash} at entry {views[0]!.Applied}"));
    }

    private static void CheckThatAllHappened(FaultTrack[] tracks)
    {
        KeyValuePair<FaultKind, int>[] happened = [.. tracks.SelectMany(track => track.Happened)];
        Console.WriteLine($"faults: {string.Join(", ", happened.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}")))}");
        foreach ((FaultKind kind, int times) in happened)
        {
            if (times == 0)
                throw new ChaosFailedException($"{kind} was asked for and never really happened.");
        }
    }

    private async Task ReportAsync(RegisterLoad load, CancellationToken stop)
    {
        long lastCount = 0;
        long lastTime = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(ReportInterval, stop);
                NodeView?[] views = await cluster.LookAsync(stop);
                LogTimeWatch.RequireNotAhead(views);
                NodeView? leader = ChaosCluster.LeaderOf(views);
                long count = load.Answered;
                long now = Stopwatch.GetTimestamp();
                double perSecond = (count - lastCount) / Stopwatch.GetElapsedTime(lastTime, now).TotalSeconds;
                (lastCount, lastTime) = (count, now);
                Say(string.Create(CultureInfo.InvariantCulture, $"{(leader is null ? "nobody leads" : $"{leader.Name} leads in term {leader.Term}")}, {perSecond:0} operations/s"));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private void Say(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds,7:0.0} s  {what}"));
}
