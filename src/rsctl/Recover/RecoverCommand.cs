using System.CommandLine;

namespace ReplicatedState.Cli.Recover;

/// <summary><c>rsctl recover</c>: what can be done with a data directory when its cluster can't help itself any more.</summary>
internal static class RecoverCommand
{
    public static Command Create() => new("recover", "Brings a cluster back that can't help itself any more. Works on data directories of nodes that don't run.")
    {
        ForceNewCluster.Create(),
    };
}
