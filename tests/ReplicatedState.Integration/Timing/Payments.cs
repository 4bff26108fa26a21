using BankSample;
using ReplicatedState.Client;
using ReplicatedState.Integration.Nodes;

namespace ReplicatedState.Integration.Timing;

/// <summary>Clients that pay without end, and soon try again where nobody takes it.</summary>
internal sealed class Payments : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ReplicatedStateClient[] _clients;
    private Account? _from;
    private Account? _to;
    private Task _paying = Task.CompletedTask;
    private long _paid;

    private Payments(BankTrio nodes, int clients) => _clients = [.. Enumerable.Range(0, clients).Select(_ => nodes.Connect(options => options.Resilience.MaxRetryDelay = options.Resilience.RetryDelay))];

    /// <summary>Payments that were acknowledged.</summary>
    public long Paid => Interlocked.Read(ref _paid);

    public static async Task<Payments> BeginAsync(BankTrio nodes, int clients)
    {
        var payments = new Payments(nodes, clients);
        IBankClient bank = BankTrio.BankOf(payments._clients[0]);
        payments._from = await bank.OpenAsync("from", long.MaxValue / 2);
        payments._to = await bank.OpenAsync("to", 0);
        payments._paying = Task.WhenAll(payments._clients.Select(payments.GoOnPayingAsync));
        return payments;
    }

    /// <summary>Pays once, beside the others.</summary>
    public async Task PayAsync()
    {
        Task first = await Task.WhenAny(PayAsync(_clients[0]), _paying);
        await first;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _paying;
        foreach (ReplicatedStateClient client in _clients)
            await client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task GoOnPayingAsync(ReplicatedStateClient client)
    {
        while (!_stop.IsCancellationRequested)
            await PayAsync(client);
    }

    private async Task PayAsync(ReplicatedStateClient client)
    {
        await BankTrio.BankOf(client).TransferAsync(new Transfer(Guid.NewGuid(), _from!.Number, _to!.Number, 1), CancellationToken.None);
        Interlocked.Increment(ref _paid);
    }
}
