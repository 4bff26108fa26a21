using BankSample.Node;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Chaos.Node;

/// <summary>One node: a replica of the registers, and routes by which the runner changes the membership.</summary>
internal static class RegisterNode
{
    /// <summary>The longest time in which a follower without a leader campaigns; what has to last longer than that is measured by it.</summary>
    public static readonly TimeSpan ElectionTimeoutMax = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is asked to stop.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="peers">The members, with the addresses of their proxies: <c>n1=host:port,n2=host:port</c>.</param>
    /// <param name="port">Where the node itself listens to peers and clients.</param>
    /// <param name="httpPort">Where status, health and the runner's routes are served.</param>
    /// <returns>The exit code: 0 where it was asked to stop, 1 where it couldn't start or stopped itself.</returns>
    public static async Task<int> RunAsync(string name, string data, string peers, int port, int httpPort)
    {
        try
        {
            WebApplication app = Build(name, data, peers, port, httpPort);
            ParentWatch.Begin(app.Lifetime.StopApplication);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (ConsensusException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

    private static WebApplication Build(string name, string data, string peers, int port, int httpPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Configuration["consensus:peers"] = peers;
        builder.AddReplicatedState(consensus =>
        {
            consensus.NodeId = name;
            consensus.ClusterId = "chaos";
            consensus.BindAddr = "127.0.0.1";
            consensus.BindPort = port;
            consensus.HttpPort = httpPort;
            consensus.Storage.Path = data;
            // Quick, so that a minute holds many elections; small, so that whoever was away for seconds needs a snapshot.
            consensus.Raft.HeartbeatInterval = TimeSpan.FromMilliseconds(50);
            consensus.Raft.ElectionTimeoutMin = ElectionTimeoutMax / 2;
            consensus.Raft.ElectionTimeoutMax = ElectionTimeoutMax;
            consensus.Raft.SnapshotThreshold = 400;
            consensus.Raft.TrailingLogs = 100;
            consensus.Advanced.EnableLeasedReads = true;
            // Some partitions outlast a connection, some don't.
            consensus.Transport.KeepAliveInterval = TimeSpan.FromSeconds(1);
            consensus.Transport.KeepAliveTimeout = TimeSpan.FromSeconds(1);
        }).AddStateMachine<Registers>();
        // The runner asks again, at whichever node leads by then, instead of waiting long for one that can't.
        builder.Services.AddSingleton<IClusterAdmin>(static provider => new ClusterAdmin(provider.GetRequiredService<ReplicatedNode>()) { TimeoutMs = 5_000 });

        WebApplication app = builder.Build();
        app.MapReplicatedState();
        app.MapPost("/members/{member}", (string member, IClusterAdmin admin) => AnswerAsync(admin.AddMemberAsync(member)));
        app.MapDelete("/members/{member}", (string member, IClusterAdmin admin) => AnswerAsync(admin.RemoveMemberAsync(member)));
        app.MapPost("/leader/{member}", (string member, IClusterAdmin admin) => AnswerAsync(admin.TransferLeadershipAsync(member)));
        return app;
    }

    private static async Task<IResult> AnswerAsync(ValueTask order)
    {
        try
        {
            await order;
            return Results.Text("done");
        }
        catch (AdministrationRefusedException refusal)
        {
            return Results.Text($"{refusal.Reason}: {refusal.Message}", statusCode: StatusCodes.Status409Conflict);
        }
        catch (ConsensusException trouble)
        {
            return Results.Text($"{trouble.Code}: {trouble.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
