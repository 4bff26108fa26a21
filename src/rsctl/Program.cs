using System.CommandLine;
using ReplicatedState.Cli;
using ReplicatedState.Cli.Recover;
using ReplicatedState.Cli.Snapshots;

var root = new RootCommand("Looks after a cluster of ReplicatedState nodes.") { RecoverCommand.Create(), SnapshotCommand.Create() };
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
        Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("Try --help.");
    return ExitCode.Usage;
}

return parsed.Invoke();
