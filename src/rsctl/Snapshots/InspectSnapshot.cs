using System.CommandLine;
using System.Globalization;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Cli.Snapshots;

/// <summary><c>rsctl snapshot inspect</c>: checks every byte of a snapshot, and says where it stands and which names and ids the machine had that wrote it.</summary>
internal static class InspectSnapshot
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A snapshot file." };
        var command = new Command("inspect", "Checks every byte of a snapshot, and says where it stands and what the machine declared that wrote it.") { file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file).FullName));
        return command;
    }

    private static int Run(string path)
    {
        try
        {
            Write(SnapshotSummary.Read(LocalDisk.ForThisSystem(), path), Console.Out);
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is StorageFailedException or InvalidSnapshotException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return ExitCode.Failed;
        }
    }

    private static void Write(SnapshotSummary snapshot, TextWriter to)
    {
        SnapshotHeader header = snapshot.File.Header;
        string time = DateTimeOffset.FromUnixTimeMilliseconds(header.Meta.LogTimeMs).ToString("O", CultureInfo.InvariantCulture);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole     {snapshot.File.SizeBytes} bytes, SHA-256 {Convert.ToHexStringLower(snapshot.File.Sha256.AsSpan())}"));
        to.WriteLine($"cluster   {header.ClusterGuid}, group {header.Group}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"machine   '{header.MachineName}', version {header.MachineVersion} in effect, written by a binary of version {snapshot.BinaryVersion}"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"behind    entry {header.Meta.Index} of term {header.Meta.Term}, log time {time}, apply hash {snapshot.ApplyHash:x32}"));
        to.WriteLine($"members   {header.Meta.Configuration}");
        WriteNames("commands", snapshot.Commands, to);
        WriteNames("events", snapshot.Events, to);
        WriteNames("state", snapshot.State, to);
    }

    /// <summary>As the contract file has them: explicit numbers as such, hashes of names in hexadecimal.</summary>
    private static void WriteNames(string what, IReadOnlyDictionary<uint, string> names, TextWriter to)
    {
        if (names.Count == 0)
            return;
        to.WriteLine();
        to.WriteLine(what);
        foreach ((uint id, string name) in names.OrderBy(static pair => pair.Value, StringComparer.Ordinal))
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(id < 0x8000_0000 ? $"{id}" : $"0x{id:X8}"),10}  {name}"));
    }
}
