using System.Diagnostics;
using System.Globalization;

namespace BankSample.Demonstration;

/// <summary>The node processes of the demonstration, and what they say of themselves.</summary>
internal sealed class BankCluster : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public BankCluster(int count, string dataDirectory)
    {
        int[] ports = FreePorts.Find(2 * count);
        string peers = string.Join(',', Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i + 1}=127.0.0.1:{ports[2 * i]}")));
        Nodes = [.. Enumerable.Range(0, count).Select(i => new NodeProcess($"n{i + 1}", ports[2 * i], ports[2 * i + 1], Path.Combine(dataDirectory, $"n{i + 1}"), peers))];
    }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    /// <summary>Where clients begin to look for the leader.</summary>
    public IEnumerable<string> Endpoints => Nodes.Select(node => $"127.0.0.1:{node.PeerPort.ToString(CultureInfo.InvariantCulture)}");

    public NodeProcess Node(string name) => Nodes.First(node => node.Name == name);

    public void Start()
    {
        foreach (NodeProcess node in Nodes)
            node.Start();
    }

    /// <summary>Stops all nodes at once.</summary>
    /// <returns>The names of those that didn't stop when asked.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        bool[] stopped = await Task.WhenAll(Nodes.Select(node => node.StopAsync()));
        return [.. Nodes.Where((_, i) => !stopped[i]).Select(node => node.Name)];
    }

    /// <summary>What every node says at this moment; null for one that doesn't answer.</summary>
    public Task<NodeView?[]> LookAsync(CancellationToken cancellationToken, bool stateHash = false) =>
        Task.WhenAll(Nodes.Select(node => node.ProcessId is null ? Task.FromResult<NodeView?>(null) : NodeView.AskAsync(_http, node, stateHash, cancellationToken)));

    /// <summary>Waits until the nodes' answers satisfy a condition.</summary>
    /// <exception cref="DemonstrationFailedException">They don't in time, or a node ended by itself.</exception>
    public async Task<NodeView?[]> WaitAsync(string what, TimeSpan patience, Func<NodeView?[], bool> condition, CancellationToken cancellationToken, bool stateHash = false)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            NodeView?[] views = await LookAsync(cancellationToken, stateHash);
            if (condition(views))
                return views;
            if (Nodes.FirstOrDefault(node => node.DiedByItself) is { } dead)
                throw new DemonstrationFailedException($"{dead.Name} ended by itself with exit code {dead.ExitCode}. Its last words:{Environment.NewLine}{dead.LogTail(15)}");
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new DemonstrationFailedException($"Waited {patience.TotalSeconds:0} s in vain for {what}. The nodes say: {string.Join("; ", views.Select((view, i) => view?.ToString() ?? $"{Nodes[i].Name} nothing"))}");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>The leader that a majority agrees on; null where there is none.</summary>
    public static NodeView? LeaderOf(IReadOnlyList<NodeView?> views)
    {
        NodeView? leader = views.Where(view => view?.Role == "leader").MaxBy(view => view!.Term);
        return leader is not null && views.Count(view => view?.Leader == leader.Name) > views.Count / 2 ? leader : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeProcess node in Nodes)
            await node.DisposeAsync();
        _http.Dispose();
    }
}
