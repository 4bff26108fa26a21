using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

/// <summary>Three nodes of the bank on loopback, each a process with a data directory of its own.</summary>
internal sealed class BankTrio : IAsyncDisposable
{
    private readonly BankProcess?[] _processes = new BankProcess?[3];
    private readonly string _directory = Directory.CreateTempSubdirectory("bank-trio-").FullName;
    private readonly int[] _peerPorts = [Ports.Take(), Ports.Take(), Ports.Take()];
    private readonly int[] _httpPorts = [Ports.Take(), Ports.Take(), Ports.Take()];

    public string Peers => string.Join(',', _peerPorts.Select((port, i) => $"n{i + 1}=127.0.0.1:{port}"));

    public BankProcess Process(int node) => _processes[node] ?? throw new InvalidOperationException($"Node {node} was not started.");

    public string DataOf(int node) => Path.Combine(_directory, $"n{node + 1}");

    public int HttpPortOf(int node) => _httpPorts[node];

    public void Start(int node, params (string Name, string Value)[] environment) => _processes[node] = BankProcess.Start(
        ["node", $"n{node + 1}", "--data", DataOf(node), "--peers", Peers, "--http-port", $"{_httpPorts[node]}", "--with-parent"], environment);

    public async Task StartAllAsync()
    {
        for (int node = 0; node < 3; node++)
            Start(node);
        for (int node = 0; node < 3; node++)
            await ReadyAsync(node);
    }

    public Task ReadyAsync(int node) => Eventually.HoldsAsync($"node {node + 1} to be ready", () => BankProcess.IsReadyAsync(_httpPorts[node]), () => Process(node).Output);

    /// <summary>The number of the node that leads the bank.</summary>
    public async Task<int> LeaderAsync()
    {
        int leader = -1;
        await Eventually.HoldsAsync(
            "a leader",
            async () =>
            {
                for (int node = 0; node < 3; node++)
                {
                    if (_processes[node] is { HasExited: false } && await BankProcess.StatusAsync(_httpPorts[node]) is { } status
                        && status.GetProperty("stats").GetProperty("role").GetString() == "leader")
                        leader = node;
                }

                return leader >= 0;
            },
            () => string.Join(Environment.NewLine, _processes.Select(process => process?.Output)));
        return leader;
    }

    /// <summary>What the nodes printed, for somebody who has to find out what went wrong.</summary>
    public string Outputs => string.Concat(_processes.Select((process, node) => $"{Environment.NewLine}n{node + 1}:{Environment.NewLine}{process?.Output}"));

    public ReplicatedStateClient Connect(Action<ReplicatedStateClientOptions>? configure = null)
    {
        var options = new ReplicatedStateClientOptions();
        configure?.Invoke(options);
        foreach (int port in _peerPorts)
            options.Endpoints.Add($"127.0.0.1:{port}");
        return new ReplicatedStateClient(options);
    }

    public static IBankClient BankOf(ReplicatedStateClient client) => new BankClient(client.Machine("bank"));

    public async ValueTask DisposeAsync()
    {
        foreach (BankProcess? process in _processes)
        {
            if (process is not null)
                await process.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
