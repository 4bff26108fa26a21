using System.CommandLine;

namespace ReplicatedState.Cli.Snapshots;

/// <summary><c>rsctl snapshot</c>: looks at snapshot files.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Looks at the snapshot files of a node, which may be running or not. They are in the directory snap of its data directory.")
    {
        InspectSnapshot.Create(),
    };
}
