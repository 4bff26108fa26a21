using System.Diagnostics;
using System.Globalization;
using System.Net;
using BankSample.Demonstration;
using ReplicatedState.Chaos.Network;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>The nodes that are members, or about to be, and what they say of themselves.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>An order to the cluster is given again until then; each node that is asked gives up after seconds.</summary>
    private static readonly TimeSpan OrderPatience = TimeSpan.FromSeconds(90);

    /// <summary>How long a process may take to start: on a machine with much else to do, tens of seconds.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly HttpClient _orders = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly string _directory;
    private readonly string? _clockLibrary;
    private readonly Lock _lock = new();
    private NodeProcess[] _nodes = [];
    private int _started;

    /// <param name="count">How many nodes.</param>
    /// <param name="directory">Where they keep data and logs.</param>
    /// <param name="packets">What loses packets; null where that isn't possible.</param>
    /// <param name="clockLibrary">What governs the nodes' wall clocks; null where nothing does.</param>
    public ChaosCluster(int count, string directory, PacketRules? packets, string? clockLibrary)
    {
        _directory = directory;
        _clockLibrary = clockLibrary;
        Network = new FaultNetwork(packets);
        string[] names = [.. Enumerable.Range(1, count).Select(NameOf)];
        (int Proxy, int Node, int Http)[] ports = [.. names.Select(_ => Ports())];
        string peers = string.Join(',', names.Zip(ports, Entry));
        _nodes = [.. names.Zip(ports, (name, p) => NewNode(name, p, peers))];
        _started = count;
    }

    public FaultNetwork Network { get; }

    /// <summary>The nodes at this moment.</summary>
    public IReadOnlyList<NodeProcess> Nodes => Volatile.Read(ref _nodes);

    /// <summary>Where clients begin to look for the leader.</summary>
    public IEnumerable<string> Endpoints => Nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.ProxyPort}"));

    /// <summary>A new node that names the present ones as its peers; it isn't a member yet.</summary>
    public NodeProcess AddNode()
    {
        string name = NameOf(++_started);
        (int Proxy, int Node, int Http) ports = Ports();
        string peers = string.Join(',', Nodes.Select(node => Entry(node.Name, (node.ProxyPort, 0, 0))).Append(Entry(name, ports)));
        NodeProcess added = NewNode(name, ports, peers);
        lock (_lock)
            _nodes = [.. _nodes, added];
        return added;
    }

    /// <summary>Ends a node that is no member any more.</summary>
    public async Task ForgetAsync(NodeProcess node)
    {
        lock (_lock)
            _nodes = [.. _nodes.Where(other => other != node)];
        await node.DisposeAsync();
    }

    /// <summary>What every node says at this moment; null for one that doesn't answer.</summary>
    public Task<NodeView?[]> LookAsync(CancellationToken cancellationToken, bool stateHash = false) =>
        Task.WhenAll(Nodes.Select(node => node.ProcessId is null ? Task.FromResult<NodeView?>(null) : NodeView.AskAsync(_http, node, stateHash, cancellationToken)));

    /// <summary>The node that leads in the highest term; null where none says so.</summary>
    public async Task<NodeView?> LeaderAsync(CancellationToken cancellationToken) => LeaderOf(await LookAsync(cancellationToken));

    /// <summary>The node that leads in the highest term; null where none says so.</summary>
    public static NodeView? LeaderOf(IEnumerable<NodeView?> views) => views.Where(view => view?.Role == "leader").MaxBy(view => view!.Term);

    /// <summary>Waits until the nodes' answers satisfy a condition.</summary>
    /// <exception cref="ChaosFailedException">They don't in time, or a node ended by itself.</exception>
    public async Task<NodeView?[]> WaitAsync(string what, TimeSpan patience, Func<NodeView?[], bool> condition, CancellationToken cancellationToken, bool stateHash = false)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            NodeView?[] views = await LookAsync(cancellationToken, stateHash);
            if (condition(views))
                return views;
            ThrowIfOneDied();
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new ChaosFailedException($"Waited {patience.TotalSeconds:0} s in vain for {what}. The nodes say: {string.Join("; ", views.Select(view => view?.ToString() ?? "nothing"))}");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Looks whether a node ended that was neither killed nor asked to.</summary>
    public void ThrowIfOneDied()
    {
        foreach (NodeProcess node in Nodes)
        {
            if (node.UnwantedExitCode is { } exitCode)
                throw new ChaosFailedException($"{node.Name} ended by itself with exit code {exitCode}.{node.LastWords()}");
        }
    }

    /// <summary>What the machine gave this process and the nodes so far.</summary>
    public string DescribeProcessorTime() => string.Join(
        Environment.NewLine,
        Nodes.Select(node => (node.Name, node.ProcessId)).Prepend((Name: "the runner", ProcessId: Environment.ProcessId))
            .Select(process => $"{process.Name}: {(process.ProcessId is { } id ? ProcessorTime.Of(id) : null)?.ToString() ?? "not running"}"));

    /// <summary>Waits until a node answers again.</summary>
    public Task AwaitBackAsync(NodeProcess node, CancellationToken cancellationToken) =>
        WaitAsync($"{node.Name} to be back", StartPatience, views => views.Any(view => view?.Name == node.Name), cancellationToken);

    /// <summary>Waits until every node answers: some were started when the time was over.</summary>
    public Task AwaitAllBackAsync(CancellationToken cancellationToken) =>
        WaitAsync("all nodes to be back", StartPatience, views => views.All(view => view is not null), cancellationToken);

    /// <summary>Gives an order to the cluster, through one node after the other until it is done; orders that were begun are joined.</summary>
    /// <param name="isDoneAlready">Whether a refusal says that an earlier attempt has done it.</param>
    /// <exception cref="ChaosFailedException">It isn't done in time.</exception>
    public async Task OrderAsync(HttpMethod method, string route, Func<string, bool> isDoneAlready, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            NodeProcess[] running = [.. Nodes.Where(node => node.ProcessId is not null)];
            string answer = running.Length == 0 ? "nobody runs" : await TryOrderAsync(running[attempt % running.Length], method, route, cancellationToken);
            if (answer == "done" || isDoneAlready(answer))
                return;
            ThrowIfOneDied();
            if (Stopwatch.GetElapsedTime(began) > OrderPatience)
                throw new ChaosFailedException($"{method} {route} wasn't done within {OrderPatience.TotalSeconds:0} s. The last answer: {answer}");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Gives an order once.</summary>
    /// <returns>"done", or why not.</returns>
    public async Task<string> TryOrderAsync(NodeProcess node, HttpMethod method, string route, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{node.HttpPort}{route}"));
            using HttpResponseMessage answer = await _orders.SendAsync(request, cancellationToken);
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable ? text : $"{answer.StatusCode}: {text}";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{node.Name} didn't answer";
        }
    }

    public async ValueTask DisposeAsync()
    {
        Network.Heal();
        foreach (NodeProcess node in Nodes)
            await node.DisposeAsync();
        _http.Dispose();
        _orders.Dispose();
    }

    private NodeProcess NewNode(string name, (int Proxy, int Node, int Http) ports, string peers)
    {
        string data = Path.Combine(_directory, name);
        return new NodeProcess(name, ports, data, peers, Network, _clockLibrary is null ? null : new NodeClock(_clockLibrary, data + ".clock"));
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"n{number}");

    private static string Entry(string name, (int Proxy, int Node, int Http) ports) => string.Create(CultureInfo.InvariantCulture, $"{name}=127.0.0.1:{ports.Proxy}");

    private static (int Proxy, int Node, int Http) Ports()
    {
        int[] ports = FreePorts.Find(3);
        return (ports[0], ports[1], ports[2]);
    }
}
