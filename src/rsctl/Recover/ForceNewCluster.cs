using System.CommandLine;
using ReplicatedState.Runtime.Recovery;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Storage.ZoneTree;

namespace ReplicatedState.Cli.Recover;

/// <summary><c>rsctl recover force-new-cluster</c>: makes a cluster of one surviving node.</summary>
internal static class ForceNewCluster
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The surviving node's data directory (storage.path).", Required = true };
        var store = new Option<string>("--store") { Description = "The log store of the directory.", DefaultValueFactory = static _ => "zonetree" };
        store.AcceptOnlyFromAmong("zonetree", "journal");
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be kept, and change nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do it. The other members must be gone for good." };
        var acceptEmpty = new Option<bool>("--accept-empty-groups") { Description = "Let groups begin empty of which nothing is stored on this node." };
        var command = new Command("force-new-cluster", "Makes the node of a data directory the only member of its cluster, in a new epoch. For when a majority is lost for good.")
        {
            data, store, dryRun, yes, acceptEmpty,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(data).FullName, parsed.GetRequiredValue(store), parsed.GetValue(dryRun), parsed.GetValue(yes), parsed.GetValue(acceptEmpty)));
        return command;
    }

    private static int Run(string path, string storeType, bool dryRun, bool confirmed, bool acceptEmpty)
    {
        bool begun = false;
        try
        {
            using ForcedRecovery recovery = ForcedRecovery.Open(LocalDisk.ForThisSystem(), path, directory => OpenStore(directory, storeType));
            PlanReport.Write(recovery.Plan, Console.Out);
            if (dryRun)
                return ExitCode.Done;
            if (!confirmed)
            {
                Console.Error.WriteLine("Nothing was changed. If the other members are gone for good, say --yes.");
                return ExitCode.NotConfirmed;
            }

            begun = true;
            recovery.Carry(acceptEmpty);
            Console.Out.WriteLine($"Done. Start '{recovery.Plan.Node}'; then empty the other members' data directories and add them as new nodes.");
            return ExitCode.Done;
        }
        catch (StorageFailedException inUse) when (inUse.IsInUse)
        {
            Console.Error.WriteLine(inUse.Message);
            return ExitCode.InUse;
        }
        catch (Exception failure) when (failure is StorageFailedException or InvalidSnapshotException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            if (begun)
                Console.Error.WriteLine("If it was begun, the node doesn't start before it is finished: remove the cause and run this again.");
            return ExitCode.Failed;
        }
    }

    private static ILogStore OpenStore(DataDirectory directory, string type)
    {
        if (!directory.Disk.DirectoryExists(directory.LogPath))
            throw new StorageFailedException($"The data directory {directory.Path} holds no log ({directory.LogPath}).");
        return type == "journal" ? JournalLogStore.Open(directory.Disk, directory.LogPath) : ZoneTreeLogStore.Open(directory.Disk, directory.LogPath);
    }
}
