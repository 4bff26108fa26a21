using ReplicatedState;

namespace BankSample.Node;

/// <summary>One node: an ordinary ASP.NET Core application that hosts a replica of the bank.</summary>
internal static class BankNode
{
    /// <summary>Runs until it is asked to stop.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="peers">All nodes, as <c>n1=host:port,n2=host:port</c>.</param>
    /// <param name="httpPort">Where status, health and the bank's own routes are served.</param>
    /// <param name="withParent">Whether to end when standard input does.</param>
    /// <returns>The exit code: 0 where it was asked to stop, 1 where it couldn't start or stopped itself.</returns>
    public static async Task<int> RunAsync(string name, string data, string peers, int httpPort, bool withParent)
    {
        try
        {
            WebApplication app = Build(name, data, peers, httpPort);
            if (withParent)
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

    private static WebApplication Build(string name, string data, string peers, int httpPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, BankJson.Default));
        builder.Configuration["consensus:peers"] = peers;
        builder.Configuration["consensus:cluster_id"] = Environment.GetEnvironmentVariable("CONSENSUS_CLUSTER_ID") ?? "bank";
        builder.AddReplicatedState(consensus =>
        {
            consensus.NodeId = name;
            consensus.BindAddr = "127.0.0.1";
            consensus.HttpPort = httpPort;
            consensus.Storage.Path = data;
            // Small enough for a node that was away for seconds to need a snapshot.
            consensus.Raft.SnapshotThreshold = 2_000;
            consensus.Raft.TrailingLogs = 500;
        }).AddStateMachine<Bank>();

        WebApplication app = builder.Build();
        app.MapReplicatedState();
        app.MapReplicatedStateCalls(); // every command for everybody: the nodes listen on this machine alone
        app.MapGet("/accounts", ValueTask<Account[]> (IBankClient bank, CancellationToken stop) => bank.AccountsAsync(cancellationToken: stop));
        app.MapPost("/transfer", ValueTask<Receipt> (Transfer transfer, IBankClient bank, CancellationToken stop) => bank.TransferAsync(transfer, stop));
        return app;
    }
}
