using System.Net.Http.Json;
using BankSample;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

/// <summary>One real node in this process: log on disk, gRPC for clients elsewhere, HTTP for those who only know that.</summary>
public sealed class IdempotencyKeyTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("bank-keys-").FullName;
    private readonly int _peerPort = Ports.Take();
    private readonly int _httpPort = Ports.Take();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_command_under_a_known_key_gets_the_first_reply_and_executes_nothing_whoever_sends_it_and_after_a_restart()
    {
        Account first;
        await using (WebApplication node = await StartAsync())
        {
            var bank = node.Services.GetRequiredService<IBankClient>();
            first = await bank.WithIdempotencyKey("order-17").OpenAsync("ada", 100);

            Assert.Equal(first, await bank.WithIdempotencyKey("order-17").OpenAsync("ada", 100));
            Assert.Equal(first, await OpenFromElsewhereAsync("order-17"));
            Assert.Equal(first, await OpenOverHttpAsync("order-17"));
            Assert.Equal(first, Assert.Single(await bank.AccountsAsync()));
        }

        await using WebApplication again = await StartAsync();
        Assert.Equal(first, await OpenFromElsewhereAsync("order-17"));
        Assert.NotEqual(first, await OpenOverHttpAsync("order-18"));
        Assert.NotEqual(first, await OpenOverHttpAsync(null));
        Assert.Equal(3, (await again.Services.GetRequiredService<IBankClient>().AccountsAsync()).Length);
    }

    private async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.AddReplicatedState(consensus =>
        {
            consensus.BindPort = _peerPort;
            consensus.HttpPort = _httpPort;
            consensus.Storage.Path = _data;
        }).AddStateMachine<Bank>();
        WebApplication app = builder.Build();
        app.MapReplicatedState();
        app.MapPost("/accounts", ([FromHeader(Name = "Idempotency-Key")] string? key, IBankClient bank) =>
            (key is null ? bank : bank.WithIdempotencyKey(key)).OpenAsync("ada", 100));
        await app.StartAsync();
        return app;
    }

    private async Task<Account> OpenFromElsewhereAsync(string key)
    {
        var options = new ReplicatedStateClientOptions();
        options.Endpoints.Add($"127.0.0.1:{_peerPort}");
        await using var client = new ReplicatedStateClient(options);
        return await BankTrio.BankOf(client).WithIdempotencyKey(key).OpenAsync("ada", 100);
    }

    private async Task<Account> OpenOverHttpAsync(string? key)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_httpPort}/accounts");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using HttpResponseMessage answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<Account>() ?? throw new InvalidOperationException("The answer is empty.");
    }
}
