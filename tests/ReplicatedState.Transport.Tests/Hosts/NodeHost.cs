using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Transport.Grpc;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>A real server on 127.0.0.1 with the transport's services, a scripted node behind them, and its log at hand.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeHost(WebApplication app, ListLogger log)
    {
        _app = app;
        Log = log;
    }

    public GrpcTransport Transport => _app.Services.GetRequiredService<GrpcTransport>();

    public ListLogger Log { get; }

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<NodeHost> StartAsync(IRequestSink? sink = null, Action<GrpcTransportOptions>? configure = null, int port = 0, int? localPort = null)
    {
        var log = new ListLogger();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddReplicatedStateGrpcTransport(configure);
        builder.Services.AddSingleton<IClock, SystemClock>();
        builder.Services.AddSingleton(sink ?? new ScriptedNode((_, _) => { }));
        WebApplication app = builder.Build();
        app.MapReplicatedStatePeers(localPort);
        var host = new NodeHost(app, log);
        await app.StartAsync();
        string url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        host.Port = new Uri(url).Port;
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Transport.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class SystemClock : IClock
    {
        public long WallMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        public long MonotonicMs => MonotonicUs / 1000;

        public long MonotonicUs => (long)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds;
    }
}
