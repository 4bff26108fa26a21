using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using ReplicatedState.Chaos;
using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Faults;
using ReplicatedState.Chaos.Network;
using ReplicatedState.Chaos.Node;

string everything = string.Join(',', Enum.GetNames<FaultKind>()).ToLowerInvariant();
var seconds = new Option<int>("--seconds") { Description = "How long faults are inflicted.", DefaultValueFactory = _ => 60 };
var faults = new Option<string>("--faults") { Description = $"Which faults, of {everything}.", DefaultValueFactory = _ => everything };
var history = new Option<string?>("--history") { Description = "Where the history is written, as JSON lines; beside the data if left out." };
var nodes = new Option<int>("--nodes") { Description = "How many nodes.", DefaultValueFactory = _ => 3 };
var clients = new Option<int>("--clients") { Description = "How many clients, each with one call at a time.", DefaultValueFactory = _ => 8 };
var seed = new Option<int?>("--seed") { Description = "What is drawn, and in which order; by chance if left out. When it takes effect is up to the machine." };
var outside = new Option<string?>("--outside") { Description = "The network that a runner was started in that is in one of its own now; the runner says that.", Hidden = true };
var data = new Option<string?>("--data") { Description = "Where the nodes keep data and logs; a temporary directory if left out, kept where something was found." };
var root = new RootCommand("Registers on real processes that are killed, stopped, cut off and replaced: is what their clients saw linearizable?") { seconds, faults, history, nodes, clients, seed, data, outside };
seconds.Validators.Add(result => RequireAtLeast(result, 1));
nodes.Validators.Add(result => RequireAtLeast(result, 3));
clients.Validators.Add(result => RequireAtLeast(result, 1));
faults.Validators.Add(result => RequireFaults(result, everything));
root.SetAction(parsed => RunAsync(
    parsed.GetValue(seconds),
    parsed.GetValue(faults)!,
    parsed.GetValue(history),
    parsed.GetValue(nodes),
    parsed.GetValue(clients),
    parsed.GetValue(seed) ?? Random.Shared.Next(1_000_000),
    parsed.GetValue(data),
    parsed.GetValue(outside),
    args));

var name = new Argument<string>("name") { Description = "The node's name, one of the peers." };
var nodeData = new Option<string>("--data") { Description = "The node's data directory.", Required = true };
var peers = new Option<string>("--peers") { Description = "All nodes and their proxies: n1=host:port,n2=host:port,n3=host:port.", Required = true };
var port = new Option<int>("--port") { Description = "Where the node listens, behind its proxy.", Required = true };
var httpPort = new Option<int>("--http-port") { Description = "Where status, health and the runner's routes are served.", Required = true };
var node = new Command("node", "Runs one node; the runner does that.") { name, nodeData, peers, port, httpPort };
node.Hidden = true;
node.SetAction(parsed => RegisterNode.RunAsync(parsed.GetValue(name)!, parsed.GetValue(nodeData)!, parsed.GetValue(peers)!, parsed.GetValue(port), parsed.GetValue(httpPort)));
root.Subcommands.Add(node);

// Both a node's host and the runner handle signals themselves.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static void RequireAtLeast(System.CommandLine.Parsing.OptionResult result, int min)
{
    if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int value) && value < min)
        result.AddError($"{result.Option.Name} must be at least {min}.");
}

static void RequireFaults(System.CommandLine.Parsing.OptionResult result, string everything)
{
    foreach (string fault in result.Tokens.SelectMany(token => Split(token.Value)))
    {
        if (!Split(everything).Contains(fault))
            result.AddError($"There is no fault '{fault}': use {everything}.");
    }
}

static string[] Split(string list) => list.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

static async Task<int> RunAsync(int seconds, string faultList, string? history, int nodes, int clients, int seed, string? data, string? outside, string[] args)
{
    List<FaultKind> kinds = [.. Split(faultList).Distinct().Select(fault => Enum.Parse<FaultKind>(fault, ignoreCase: true))];
    if (outside is null && (kinds.Contains(FaultKind.Loss) || kinds.Contains(FaultKind.Partition)))
    {
        string obstacle = PrivateNetwork.Enter([.. args, "--outside", PrivateNetwork.Current ?? ""]);
        Console.WriteLine($"!!! LOST PACKETS ARE SKIPPED: {obstacle}. Partitions hold back what is sent. (It takes unshare, ip and nft, and root or user namespaces.)");
        kinds.Remove(FaultKind.Loss);
    }

    string? clockLibrary = kinds.Contains(FaultKind.Clock) ? NodeClock.FindLibrary() : null;
    if (clockLibrary is null && kinds.Remove(FaultKind.Clock))
        Console.WriteLine("!!! CLOCKS THAT ARE SET ARE SKIPPED: there is no libfaketimeMT.so.1 (Debian's package is libfaketime).");
    PacketRules? packets = outside is null ? null : new PacketRules(outside);

    using var interrupted = new CancellationTokenSource();
    void Interrupt(PosixSignalContext signal)
    {
        // Not the end of the process yet: the nodes go first.
        signal.Cancel = true;
        interrupted.Cancel();
    }

    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
    using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);

    if (!FaultNetwork.KnowsDialers)
        Console.WriteLine("!!! PARTITIONS AND DELAYS BETWEEN NODES ARE SKIPPED: only Linux's /proc tells which process dialled a connection; links between clients and nodes are cut and delayed.");

    string directory = data is not null ? Path.GetFullPath(data) : Directory.CreateTempSubdirectory("chaos-").FullName;
    Directory.CreateDirectory(directory);
    if (Directory.EnumerateFileSystemEntries(directory).Any())
    {
        Console.Error.WriteLine($"{directory} is not empty: nodes that find data of an earlier run would look for each other where they were then.");
        return 1;
    }

    bool keepData = data is not null;
    var options = new ChaosOptions(seconds, kinds, history is null ? Path.Combine(directory, "history.jsonl") : Path.GetFullPath(history), nodes, clients, seed);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes, {clients} clients, seed {seed}: {string.Join(", ", kinds).ToLowerInvariant()} for {seconds} s."));
    bool holds = true;
    try
    {
        ChaosRun run;
        await using (var cluster = new ChaosCluster(nodes, directory, packets, clockLibrary))
        {
            run = new ChaosRun(options, cluster);
            try
            {
                await run.RunAsync(interrupted.Token);
            }
            catch (ChaosFailedException failure)
            {
                holds = false;
                Console.WriteLine($"FAILED: {failure.Message}");
                Console.WriteLine(cluster.DescribeProcessorTime());
            }
        }

        (bool isLinearizable, string lastLine) = Verdict.Conclude(run.History, options.History);
        holds &= isLinearizable;
        keepData |= !holds;
        if (keepData)
            Console.WriteLine($"The nodes' data and logs are in {directory}.");
        Console.WriteLine(lastLine);
        return holds ? 0 : 1;
    }
    catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
    {
        Console.Error.WriteLine("Interrupted; all nodes have been ended.");
        return 130;
    }
    finally
    {
        if (!keepData)
            Directory.Delete(directory, recursive: true);
    }
}
