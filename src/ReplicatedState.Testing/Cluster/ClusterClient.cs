using ReplicatedState.Client;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Testing.Cluster;

/// <summary>One client of a run: the real client library over the simulated network, with time and randomness of the run.</summary>
internal sealed class ClusterClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public ClusterClient(ClusterWorkload run, int number, int nodes, SeededRandom random, ClientPlan plan)
    {
        Number = number;
        Name = CallName.NameOf(number);
        Random = random;
        Plan = plan;
        Time = new SimulatedTimeProvider(run);
        var options = new ReplicatedStateClientOptions { TimeProvider = new SimulatedTimeProvider(run), AttemptTimeout = Patience };
        int first = random.Between(0, nodes - 1);
        for (int i = 0; i < nodes; i++)
            options.Endpoints.Add(SimulatedStreams.AddressOf((first + i) % nodes));
        options.Resilience.Jitter = () => random.Next(1000) / 1000.0;
        var client = new ReplicatedStateClient(options, new SimulatedEndpointFactory(run, this));
        Channel = new WatchedChannel(run, this, client.Machine(), session: this);
    }

    public int Number { get; }

    public string Name { get; }

    public SeededRandom Random { get; }

    public ClientPlan Plan { get; }

    public IStateMachineChannel Channel { get; }

    /// <summary>Virtual time for the user's code.</summary>
    public SimulatedTimeProvider Time { get; }

    /// <summary>Calls of the user's code that are under way.</summary>
    public int Calls { get; set; }

    /// <summary>The number of its last call.</summary>
    public ulong Serial { get; set; }

    /// <summary>The user's code is under way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How often the user's code ended, without an error or with the machine's own refusal.</summary>
    public int Done { get; set; }

    /// <summary>When the user's code began last, and whether what began after the faults has ended well.</summary>
    public long BegunUs { get; set; }

    public bool IsDoneAfterFaults { get; set; }
}

/// <summary>What a client does, again and again.</summary>
/// <param name="Act">Makes the user's calls over the channel.</param>
internal sealed record ClientPlan(Func<IStateMachineChannel, SimulatedCall, Task> Act);
