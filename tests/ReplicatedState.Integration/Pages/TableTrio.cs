using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplicatedState.Client;
using ReplicatedState.Integration.Nodes;
using ReplicatedState.Runtime.Administration;

namespace ReplicatedState.Integration.Pages;

/// <summary>Three nodes with a table, in this process, that talk to each other and to their clients over the loopback network.</summary>
internal sealed class TableTrio : IAsyncDisposable
{
    private readonly WebApplication?[] _nodes = new WebApplication?[3];
    private readonly string _directory = Directory.CreateTempSubdirectory("table-trio-").FullName;
    private readonly int[] _ports = [Ports.Take(), Ports.Take(), Ports.Take()];

    public async Task StartAsync()
    {
        for (int node = 0; node < 3; node++)
        {
            _nodes[node] = Build(node);
            await _nodes[node]!.StartAsync();
        }

        await Eventually.HoldsAsync("a leader of the table", async () => await LeaderOrNoneAsync() >= 0, () => "");
    }

    /// <summary>The client of a node's own process.</summary>
    public ITableClient InProcess(int node) => _nodes[node]!.Services.GetRequiredService<ITableClient>();

    public IClusterAdmin Admin(int node) => _nodes[node]!.Services.GetRequiredService<IClusterAdmin>();

    /// <summary>Results that the nodes keep for clients.</summary>
    public int OpenResults => Enumerable.Range(0, 3).Where(node => _nodes[node] is not null).Sum(node => Admin(node).Status.OpenResults);

    public static string NameOf(int node) => $"n{node + 1}";

    public async Task<int> LeaderAsync()
    {
        int leader = -1;
        await Eventually.HoldsAsync("a leader of the table", async () => (leader = await LeaderOrNoneAsync()) >= 0, () => "");
        return leader;
    }

    /// <summary>A client over the network that begins with one node, or knows all of them.</summary>
    public ReplicatedStateClient Connect(int? node = null, Action<ReplicatedStateClientOptions>? configure = null)
    {
        var options = new ReplicatedStateClientOptions();
        configure?.Invoke(options);
        foreach (int port in node is { } one ? [_ports[one]] : _ports)
            options.Endpoints.Add($"127.0.0.1:{port}");
        return new ReplicatedStateClient(options);
    }

    public static ITableClient TableOf(ReplicatedStateClient client) => new TableClient(client.Machine("table"));

    public async Task StopAsync(int node)
    {
        await _nodes[node]!.DisposeAsync();
        _nodes[node] = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication? node in _nodes)
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private WebApplication Build(int node)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["consensus:peers"] = string.Join(',', _ports.Select((port, i) => $"{NameOf(i)}=127.0.0.1:{port}"));
        builder.AddReplicatedState(consensus =>
        {
            consensus.NodeId = NameOf(node);
            consensus.BindAddr = "127.0.0.1";
            consensus.HttpPort = Ports.Take();
            consensus.Storage.Path = Path.Combine(_directory, NameOf(node));
        }).AddStateMachine<Table>();
        WebApplication app = builder.Build();
        app.MapReplicatedState();
        return app;
    }

    private Task<int> LeaderOrNoneAsync()
    {
        for (int node = 0; node < 3; node++)
        {
            if (_nodes[node] is not null && Admin(node).Status.Groups.Any(group => group.Name == "table" && group.Role == Consensus.RaftRole.Leader))
                return Task.FromResult(node);
        }

        return Task.FromResult(-1);
    }
}
