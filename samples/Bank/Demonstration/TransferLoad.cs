using System.Diagnostics;
using ReplicatedState;

namespace BankSample.Demonstration;

/// <summary>Makes transfers, many at a time, and keeps what became of each.</summary>
internal sealed class TransferLoad(IBankClient bank, IReadOnlyList<Guid> accounts, int clients)
{
    private const long AmountMax = 100;
    private readonly List<SentTransfer>[] _sent = [.. Enumerable.Range(0, clients).Select(_ => new List<SentTransfer>())];
    private readonly LatencyHistogram _allLatencies = new();
    private readonly LatencyHistogram _recentLatencies = new();
    private long _acknowledged;
    private long _refused;
    private long _unknown;
    private string? _lastRefusal;

    /// <summary>Transfers that were acknowledged so far.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Transfers that the bank or the cluster refused so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Transfers of which nobody could tell.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Why the cluster, not the bank, refused a transfer last; null if it never did.</summary>
    public string? LastRefusal => Volatile.Read(ref _lastRefusal);

    /// <summary>The longest time without an acknowledgement around a failure.</summary>
    public ServiceGap Gap { get; } = new();

    /// <summary>Latencies of acknowledged transfers over the whole run.</summary>
    public LatencyHistogram Latencies => _allLatencies;

    /// <summary>Latencies since the display last cleared them.</summary>
    public LatencyHistogram RecentLatencies => _recentLatencies;

    /// <summary>All transfers that were sent. Only after <see cref="RunAsync"/> has ended.</summary>
    public IEnumerable<SentTransfer> Sent => _sent.SelectMany(list => list);

    /// <summary>Makes transfers until told to stop, then waits for those under way.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(client, stop), CancellationToken.None)));

    private async Task RunClientAsync(int client, CancellationToken stop)
    {
        List<SentTransfer> sent = _sent[client];
        while (!stop.IsCancellationRequested)
        {
            int from = Random.Shared.Next(accounts.Count);
            int to = (from + 1 + Random.Shared.Next(accounts.Count - 1)) % accounts.Count;
            var transfer = new Transfer(Guid.NewGuid(), accounts[from], accounts[to], Random.Shared.NextInt64(1, AmountMax));
            sent.Add(new SentTransfer(transfer.Id, await SendAsync(transfer)));
        }
    }

    private async Task<TransferFate> SendAsync(Transfer transfer)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            await bank.TransferAsync(transfer);
        }
        catch (CommandRejectedException)
        {
            Interlocked.Increment(ref _refused);
            return TransferFate.Refused;
        }
        catch (CommandOutcomeUnknownException)
        {
            Interlocked.Increment(ref _unknown);
            return TransferFate.Unknown;
        }
        catch (ConsensusException refusal)
        {
            // Every other error of the cluster means "definitely not executed"; the audit takes it at its word.
            Interlocked.Increment(ref _refused);
            Volatile.Write(ref _lastRefusal, $"{refusal.Code}: {refusal.Message}");
            return TransferFate.Refused;
        }

        TimeSpan latency = Stopwatch.GetElapsedTime(began);
        _allLatencies.Add(latency);
        _recentLatencies.Add(latency);
        Gap.Acknowledged();
        Interlocked.Increment(ref _acknowledged);
        return TransferFate.Acknowledged;
    }
}
