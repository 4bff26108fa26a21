using System.Diagnostics;
using System.Globalization;
using BankSample.Display;
using ReplicatedState.Client;

namespace BankSample.Demonstration;

/// <summary>
/// The story: a cluster of processes moves money while its leader is killed, the dead node comes back and catches up by snapshot, everything is stopped and
/// started again from disk, and then the books are audited.
/// </summary>
internal sealed class BankDemonstration(DemonstrationOptions options, IDisplay display, BankCluster cluster)
{
    private const int AccountCount = 64;
    private const long Deposit = 100_000;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PictureInterval = TimeSpan.FromMilliseconds(250);
    private readonly Findings _findings = new();
    private readonly List<Guid> _accounts = [];
    private IReadOnlyList<SentTransfer> _sent = [];
    private TimeSpan _failover;
    private double _writesPerSecond;
    private long _snapshotsInstalled;

    /// <summary>Runs it all.</summary>
    /// <returns>What was found; the caller prints it.</returns>
    /// <exception cref="DemonstrationFailedException">It couldn't be finished.</exception>
    public async Task<Findings> RunAsync(CancellationToken cancellationToken)
    {
        display.Say($"Starting {cluster.Nodes.Count} nodes.");
        cluster.Start();
        await AwaitLeaderAsync("the first leader", cancellationToken);
        await using (ReplicatedStateClient client = Connect())
        {
            IBankClient bank = new BankClient(client.Machine("bank"));
            await OpenAccountsAsync(bank, cancellationToken);
            await MakeTransfersAsync(bank, cancellationToken);
            await TransferOverHttpAsync(cancellationToken);
            await AwaitEqualReplicasAsync(cancellationToken);
            Record("before the restart", await Audit.OfAsync(bank, _sent, cancellationToken));
        }

        await RestartEverythingAsync(cancellationToken);
        NodeView[] replicas;
        await using (ReplicatedStateClient client = Connect())
        {
            Audit audit = await Audit.OfAsync(new BankClient(client.Machine("bank")), _sent, cancellationToken);
            Record("after the restart", audit);
            replicas = await AwaitEqualReplicasAsync(cancellationToken);
            Conclude(audit, replicas);
        }

        await StopEverythingAsync();
        CheckLogs();
        return _findings;
    }

    private ReplicatedStateClient Connect()
    {
        var clientOptions = new ReplicatedStateClientOptions();
        foreach (string endpoint in cluster.Endpoints)
            clientOptions.Endpoints.Add(endpoint);
        return new ReplicatedStateClient(clientOptions);
    }

    private async Task<NodeView> AwaitLeaderAsync(string what, CancellationToken cancellationToken)
    {
        NodeView?[] views = await cluster.WaitAsync(what, StartPatience, views => BankCluster.LeaderOf(views) is not null, cancellationToken);
        NodeView leader = BankCluster.LeaderOf(views)!;
        display.Say(string.Create(CultureInfo.InvariantCulture, $"{leader.Name} leads in term {leader.Term}."));
        return leader;
    }

    private async Task OpenAccountsAsync(IBankClient bank, CancellationToken cancellationToken)
    {
        for (int i = 0; i < AccountCount; i++)
            _accounts.Add((await bank.OpenAsync($"customer {i + 1}", Deposit, cancellationToken)).Number);
        display.Say($"{AccountCount} accounts are open, with {Deposit} each.");
    }

    private async Task MakeTransfersAsync(IBankClient bank, CancellationToken cancellationToken)
    {
        var load = new TransferLoad(bank, _accounts, options.Clients);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        display.Say($"{options.Clients} clients make transfers for {options.Seconds} s.");
        long began = Stopwatch.GetTimestamp();
        Task running = load.RunAsync(stop.Token);
        Task showing = ShowAsync(load, began, stop.Token);
        try
        {
            await DelayUntilAsync(began, options.Seconds * 0.4, cancellationToken);
            NodeView victim = await KillLeaderAsync(load, cancellationToken);
            await AwaitSnapshotBeyondAsync(victim, cancellationToken);
            await RestartAsync(victim, cancellationToken);
            await DelayUntilAsync(began, options.Seconds, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
            await showing;
        }

        TimeSpan took = Stopwatch.GetElapsedTime(began);
        _sent = [.. load.Sent];
        _writesPerSecond = load.Acknowledged / took.TotalSeconds;
        display.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{load.Acknowledged} transfers acknowledged, {load.Refused} refused, {load.Unknown} unknown; p50 {load.Latencies.Percentile(0.5).TotalMilliseconds:0.0} ms, p99 {load.Latencies.Percentile(0.99).TotalMilliseconds:0.0} ms."));
        if (load.LastRefusal is { } refusal)
            display.Say($"The cluster's last refusal: {refusal}");
    }

    /// <summary>One transfer through the routes of every node; they are audited with all others.</summary>
    private async Task TransferOverHttpAsync(CancellationToken cancellationToken)
    {
        int right = 0;
        foreach (NodeProcess node in cluster.Nodes)
        {
            try
            {
                using var customer = new HttpCustomer(node);
                await customer.ReadyAsync(cancellationToken).WaitAsync(StartPatience, cancellationToken);
                Account[] accounts = await customer.AccountsAsync(cancellationToken);
                var transfer = new Transfer(Guid.NewGuid(), accounts.MaxBy(account => account.Balance)!.Number, accounts.MinBy(account => account.Balance)!.Number, 1);
                Receipt? receipt = await customer.TransferAsync(transfer, cancellationToken);
                _sent = [.. _sent, new SentTransfer(transfer.Id, TransferFate.Acknowledged)];
                if (receipt?.Transfer == transfer.Id && accounts.Sum(account => account.Balance) == AccountCount * Deposit)
                    right++;
            }
            catch (Exception error) when (error is HttpRequestException or TimeoutException)
            {
                throw new DemonstrationFailedException($"{node.Name} made no transfer over HTTP: {error.Message}");
            }
        }

        _findings.Check("transfers over HTTP", $"right from {right} of {cluster.Nodes.Count} nodes", right == cluster.Nodes.Count);
    }

    private async Task<NodeView> KillLeaderAsync(TransferLoad load, CancellationToken cancellationToken)
    {
        NodeView leader = BankCluster.LeaderOf(await cluster.LookAsync(cancellationToken)) ?? await AwaitLeaderAsync("a leader to kill", cancellationToken);
        display.Say($"kill -9 {leader.Name}, the leader.");
        load.Gap.Watch();
        await cluster.Node(leader.Name).KillAsync();
        long acknowledgedBefore = load.Acknowledged;
        NodeView?[] views = await cluster.WaitAsync(
            "a new leader that acknowledges transfers",
            StartPatience,
            views => BankCluster.LeaderOf(views) is { } next && next.Name != leader.Name && load.Acknowledged > acknowledgedBefore + options.Clients,
            cancellationToken);
        _failover = load.Gap.End();
        NodeView successor = BankCluster.LeaderOf(views)!;
        display.Say(string.Create(CultureInfo.InvariantCulture, $"{successor.Name} leads in term {successor.Term}; {_failover.TotalMilliseconds:0} ms without service."));
        return leader;
    }

    /// <summary>Until the log that the dead node would need is gone, so that it has to catch up by snapshot.</summary>
    private async Task AwaitSnapshotBeyondAsync(NodeView victim, CancellationToken cancellationToken)
    {
        await cluster.WaitAsync(
            "snapshots beyond what the dead node has",
            StartPatience,
            views => views.Where(view => view is not null).All(view => view!.FirstIndex > victim.Applied + 1),
            cancellationToken);
    }

    private async Task RestartAsync(NodeView victim, CancellationToken cancellationToken)
    {
        display.Say($"Starting {victim.Name} again.");
        cluster.Node(victim.Name).Start();
        NodeView?[] views = await cluster.WaitAsync(
            $"{victim.Name} to catch up",
            StartPatience,
            views => views.FirstOrDefault(view => view?.Name == victim.Name) is { } back && back.Applied > victim.Applied && BankCluster.LeaderOf(views) is { } leader && back.Applied + 5_000 > leader.Commit,
            cancellationToken);
        NodeView returned = views.First(view => view?.Name == victim.Name)!;
        _snapshotsInstalled = returned.SnapshotsInstalled;
        display.Say(string.Create(CultureInfo.InvariantCulture, $"{victim.Name} had {victim.Applied}, and has caught up to {returned.Applied} {(returned.SnapshotsInstalled > 0 ? "by snapshot" : "from the log")}."));
    }

    private async Task<NodeView[]> AwaitEqualReplicasAsync(CancellationToken cancellationToken)
    {
        NodeView?[] views = await cluster.WaitAsync(
            "all replicas to have applied the same",
            StartPatience,
            views => views.All(view => view is not null) && views.DistinctBy(view => view!.Applied).Count() == 1 && views.All(view => view!.Applied == view.Commit),
            cancellationToken,
            stateHash: true);
        return [.. views.Select(view => view!)];
    }

    private async Task RestartEverythingAsync(CancellationToken cancellationToken)
    {
        display.Say("Stopping all nodes.");
        await StopEverythingAsync();
        display.Say("Starting the whole cluster again from disk.");
        cluster.Start();
        await AwaitLeaderAsync("a leader after the restart", cancellationToken);
    }

    private async Task StopEverythingAsync()
    {
        IReadOnlyList<string> killed = await cluster.StopAsync();
        if (killed.Count > 0)
            _findings.Check("nodes stop when asked", $"{string.Join(", ", killed)} had to be killed", false);
    }

    private void Record(string when, Audit audit)
    {
        _findings.Check($"money in the bank {when}", audit.Totals.Money.ToString(CultureInfo.InvariantCulture), audit.Totals.Money == AccountCount * Deposit);
        _findings.CheckNone($"acknowledged transfers lost {when}", audit.Lost);
        _findings.CheckNone($"transfers executed twice {when}", audit.Duplicated);
        _findings.CheckNone($"transfers refused and yet executed {when}", audit.RefusedYetExecuted);
        _findings.CheckNone($"transfers that nobody sent {when}", audit.Invented);
        display.Say($"The books {when}: {audit.Totals.Transfers} transfers, {audit.Totals.Money} in all accounts.");
    }

    private void Conclude(Audit audit, NodeView[] replicas)
    {
        bool conserved = audit.Totals.Money == AccountCount * Deposit;
        bool equal = replicas.All(replica => replica.ApplyHash == replicas[0].ApplyHash && replica.StateHash is not null && replica.StateHash == replicas[0].StateHash);
        _findings.Check("the replicas' state hashes", equal ? replicas[0].StateHash! : string.Join(" ", replicas.Select(replica => $"{replica.Name}={replica.StateHash}")), equal);
        _findings.Check("the dead node's way back", _snapshotsInstalled > 0 ? "by snapshot" : "from the log", _snapshotsInstalled > 0);
        _findings.Summarize(conserved, audit.Lost, audit.Duplicated, equal, _failover, _writesPerSecond);
    }

    private void CheckLogs()
    {
        string[] complaints = [.. cluster.Nodes.Where(node => File.ReadLines(node.LogPath).Any(line => line.Contains("Unhandled exception", StringComparison.Ordinal))).Select(node => node.LogPath)];
        if (complaints.Length > 0)
            _findings.Check("no unhandled exception in any log", string.Join(", ", complaints), false);
    }

    private async Task ShowAsync(TransferLoad load, long began, CancellationToken stop)
    {
        long lastCount = 0;
        long lastTime = began;
        try
        {
            while (true)
            {
                await Task.Delay(PictureInterval, stop);
                NodeView?[] views = await cluster.LookAsync(stop);
                long now = Stopwatch.GetTimestamp();
                long count = load.Acknowledged;
                double perSecond = (count - lastCount) / Stopwatch.GetElapsedTime(lastTime, now).TotalSeconds;
                (lastCount, lastTime) = (count, now);
                display.Show(new Picture(
                    Stopwatch.GetElapsedTime(began),
                    [.. cluster.Nodes.Select((node, i) => (node.Name, node.ProcessId, views[i]))],
                    count,
                    perSecond,
                    load.RecentLatencies.Percentile(0.5),
                    load.RecentLatencies.Percentile(0.99)));
                load.RecentLatencies.Clear();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The transfers have ended, and with them the picture.
        }
    }

    private static async Task DelayUntilAsync(long began, double seconds, CancellationToken cancellationToken)
    {
        TimeSpan left = TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, cancellationToken);
    }
}
