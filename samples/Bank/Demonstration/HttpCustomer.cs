using System.Globalization;
using System.Net.Http.Json;

namespace BankSample.Demonstration;

/// <summary>Somebody without the typed client: asks a node's health and the bank's own routes, over HTTP and JSON.</summary>
internal sealed class HttpCustomer(NodeProcess node) : IDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{node.HttpPort.ToString(CultureInfo.InvariantCulture)}") };

    /// <summary>Until the node says that it may be given work.</summary>
    /// <exception cref="HttpRequestException">It doesn't answer.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpResponseMessage answer = await _http.GetAsync("/consensus/health/ready", cancellationToken);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(AskAgain, cancellationToken);
        }
    }

    /// <summary>All accounts.</summary>
    /// <exception cref="HttpRequestException">The node refused, or didn't answer.</exception>
    public async Task<Account[]> AccountsAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync("/accounts", BankJson.Default.AccountArray, cancellationToken) ?? [];

    /// <summary>Moves money.</summary>
    /// <exception cref="HttpRequestException">The bank or the node refused, or nobody can tell.</exception>
    public async Task<Receipt?> TransferAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync("/transfer", transfer, BankJson.Default.Transfer, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync(BankJson.Default.Receipt, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
