using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ReplicatedState.AspNetCore;
using ReplicatedState.Benchmarks;
using ReplicatedState.Runtime.Node;

if (args.Length != 5)
{
    Console.Error.WriteLine("usage: KvNode <index> <raft base port> <kv base port> <nodes> <data dir>");
    return 2;
}

int index = int.Parse(args[0], CultureInfo.InvariantCulture);
int raftPort = int.Parse(args[1], CultureInfo.InvariantCulture);
int kvPort = int.Parse(args[2], CultureInfo.InvariantCulture);
int nodes = int.Parse(args[3], CultureInfo.InvariantCulture);

WebApplicationBuilder nodeBuilder = WebApplication.CreateSlimBuilder();
nodeBuilder.Logging.SetMinimumLevel(LogLevel.Warning);
nodeBuilder.Configuration["consensus:peers"] = string.Join(',', Enumerable.Range(0, nodes).Select(i => $"n{i}=127.0.0.1:{raftPort + i}"));
nodeBuilder.AddReplicatedState(consensus =>
{
    consensus.NodeId = $"n{index}";
    consensus.BindAddr = "127.0.0.1";
    consensus.HttpPort = 0;
    consensus.Storage.Path = args[4];
}).AddStateMachine<KeyValues>();
WebApplication node = nodeBuilder.Build();
node.MapReplicatedState();
await node.StartAsync();

// The load generator speaks HTTP/2 without TLS, which needs a port of its own.
WebApplicationBuilder frontBuilder = WebApplication.CreateSlimBuilder();
frontBuilder.Logging.SetMinimumLevel(LogLevel.Warning);
frontBuilder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.Http2.MaxStreamsPerConnection = 4096;
    kestrel.Listen(IPAddress.Loopback, kvPort + index, listen => listen.Protocols = HttpProtocols.Http2);
});
frontBuilder.Services.AddGrpc();
frontBuilder.Services.AddSingleton(new KvService(node.Services.GetRequiredService<IKeyValuesClient>(), node.Services.GetRequiredService<ReplicatedNode>()));
WebApplication front = frontBuilder.Build();
front.MapGrpcService<KvService>();
await front.StartAsync();

// SIGUSR1, which has no name in PosixSignal: `kill -USR1` prints what was spent since the last time, and SIGTERM does at the end.
var userSignal = (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10);
var costs = new CostReport(node.Services.GetRequiredService<ReplicatedNode>());
using PosixSignalRegistration? asked = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(userSignal, signal =>
{
    signal.Cancel = true;
    Console.WriteLine(costs.Next());
});
node.Lifetime.ApplicationStopping.Register(() => Console.WriteLine(costs.Next()));

await node.WaitForShutdownAsync();
await front.StopAsync();
return Environment.ExitCode;
