using System.CommandLine;
using System.Runtime.InteropServices;
using BankSample.Demonstration;
using BankSample.Display;
using BankSample.Node;

var seconds = new Option<int>("--seconds") { Description = "How long transfers are made.", DefaultValueFactory = _ => 30 };
var clients = new Option<int>("--clients") { Description = "How many transfers are under way at a time.", DefaultValueFactory = _ => 64 };
var nodes = new Option<int>("--nodes") { Description = "How many nodes.", DefaultValueFactory = _ => 3 };
var data = new Option<string?>("--data") { Description = "Where the nodes keep their data; a temporary directory if left out." };
var noUi = new Option<bool>("--no-ui") { Description = "Plain lines instead of a live display." };
var root = new RootCommand("A bank on a cluster whose leader is killed: nothing is lost, and nothing done twice.") { seconds, clients, nodes, data, noUi };
seconds.Validators.Add(result => RequireAtLeast(result, 5));
clients.Validators.Add(result => RequireAtLeast(result, 1));
nodes.Validators.Add(result => RequireAtLeast(result, 3));
root.SetAction(parsed => DemonstrateAsync(new DemonstrationOptions(
    parsed.GetValue(seconds),
    parsed.GetValue(clients),
    parsed.GetValue(nodes),
    parsed.GetValue(data),
    LiveDisplay: !parsed.GetValue(noUi) && !Console.IsOutputRedirected)));

var name = new Argument<string>("name") { Description = "The node's name, one of the peers." };
var nodeData = new Option<string>("--data") { Description = "The node's data directory.", Required = true };
var peers = new Option<string>("--peers") { Description = "All nodes: n1=host:port,n2=host:port,n3=host:port.", Required = true };
var httpPort = new Option<int>("--http-port") { Description = "Where status, health and the bank's routes are served; 0 for none.", DefaultValueFactory = _ => 8080 };
var withParent = new Option<bool>("--with-parent") { Description = "End when standard input does.", Hidden = true };
var node = new Command("node", "Runs one node by hand.") { name, nodeData, peers, httpPort, withParent };
node.SetAction(parsed => BankNode.RunAsync(parsed.GetValue(name)!, parsed.GetValue(nodeData)!, parsed.GetValue(peers)!, parsed.GetValue(httpPort), parsed.GetValue(withParent)));
root.Subcommands.Add(node);

// Both a node's host and the demonstration handle signals themselves.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static void RequireAtLeast(System.CommandLine.Parsing.OptionResult result, int min)
{
    if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int value) && value < min)
        result.AddError($"{result.Option.Name} must be at least {min}.");
}

static async Task<int> DemonstrateAsync(DemonstrationOptions options)
{
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

    string directory = options.DataDirectory is { } given ? Path.GetFullPath(given) : Directory.CreateTempSubdirectory("bank-").FullName;
    bool keepData = options.DataDirectory is not null;
    try
    {
        Findings findings;
        await using (var cluster = new BankCluster(options.Nodes, directory))
        await using (IDisplay display = options.LiveDisplay ? new LiveDisplay() : new PlainDisplay())
            findings = await new BankDemonstration(options, display, cluster).RunAsync(interrupted.Token);
        findings.PrintTable();
        findings.PrintSummary();
        keepData |= !findings.AllHold;
        return findings.AllHold ? 0 : 1;
    }
    catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
    {
        Console.Error.WriteLine("Interrupted; all nodes have been stopped.");
        return 130;
    }
    catch (DemonstrationFailedException failure)
    {
        keepData = true;
        Console.Error.WriteLine(failure.Message);
        return 1;
    }
    finally
    {
        if (!keepData)
            Directory.Delete(directory, recursive: true);
        else
            Console.Error.WriteLine($"The nodes' data and logs are in {directory}.");
    }
}
