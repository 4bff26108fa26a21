using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplicatedState;
using ReplicatedState.Testing;

namespace ReplicatedService.Tests;

public sealed class CountersTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("counters-").FullName;

    [Fact]
    public void Adding_returns_the_new_value()
    {
        var counters = new Counters();
        Assert.Equal(2, counters.Add("visits", 2));
        Assert.Equal(5, counters.Add("visits", 3));
        Assert.Equal(5, counters.Value("visits"));
    }

    [Fact]
    public async Task A_counter_outlives_the_node()
    {
        await using (WebApplication node = await StartAsync())
        {
            ICountersClient counters = node.Services.GetRequiredService<ICountersClient>();
            Assert.Equal(42, await counters.AddAsync("visits", 42));
            CommandRejectedException no = await Assert.ThrowsAsync<CommandRejectedException>(() => counters.AddAsync("visits", 0).AsTask());
            Assert.Equal("nothing_to_add", no.RejectionCode);
            await node.StopAsync();
        }

        await using (WebApplication node = await StartAsync())
        {
            Assert.Equal(42, await node.Services.GetRequiredService<ICountersClient>().ValueAsync("visits"));
            await node.StopAsync();
        }
    }

    /// <summary>On simulated clusters that lose power, packets, disks and time. A failure names its seed, and the line that replays it.</summary>
    [Fact]
    public Task Counters_keep_what_was_added_whatever_goes_wrong() => SimulatedCluster.Of<Counters>()
        .Nodes(3)
        .Faults(Faults.All)
        .Invariant("a counter counts up", counters => counters.Value("visits") >= 0)
        .Clients(3, async (ICountersClient counters, SimulatedCall call) =>
        {
            long added = await counters.AddAsync("visits", call.Random.Between(1, 9));
            Assert.True(await counters.ValueAsync("visits") >= added);
        })
        .RunAsync(SimulatedCluster.Seeds(first: 1, count: 10));

    /// <summary>On another machine, restored from a snapshot, under another culture, in another process: the same answers and the same state.</summary>
    [Fact]
    public Task All_replicas_would_do_the_same() => DeterminismProbe.Of<Counters>().RunAsync(async (ICountersClient counters) =>
    {
        for (int i = 1; i <= 9; i++)
            await counters.AddAsync($"counter {i % 4}", i);
    });

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.AddReplicatedState(consensus =>
        {
            consensus.BindPort = FreePort();
            consensus.HttpPort = 0;
            consensus.Storage.Path = _data;
        }).AddStateMachine<Counters>();
        WebApplication app = builder.Build();
        app.MapReplicatedState();
        await app.StartAsync();
        return app;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
