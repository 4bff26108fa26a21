using System.Buffers;
using MessagePack;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Testing.Determinism;
using ReplicatedState.Testing.Golden;
using ReplicatedState.Testing.Replay;
using ReplicatedState.Timers;

namespace ReplicatedState.Testing;

/// <summary>Keeps what a machine writes, and holds every later build of it against that.</summary>
/// <remarks>
/// Set the environment variable REPLICATEDSTATE_WRITE_GOLDEN to 1 to write the files of the machine's present version. Once that version was released, leave them: what reads them is what reads the
/// data of those who use it.
/// </remarks>
/// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
public sealed class GoldenFiles<TMachine>
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    private const string Switch = "REPLICATEDSTATE_WRITE_GOLDEN";
    private readonly StateMachineDefinition _definition = StateMachineDefinition.Of<TMachine>();
    private readonly string _directory;

    internal GoldenFiles(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>Asserts that the calls are encoded, executed and answered as the file of the present version says, or writes that file.</summary>
    /// <param name="name">The file's name, without an ending.</param>
    /// <param name="calls">Makes the calls; they are executed at once, on one machine, and answered.</param>
    /// <typeparam name="TClient">The machine's generated client interface.</typeparam>
    /// <exception cref="GoldenFileException">The file is missing, or the build writes or does something else.</exception>
    public async Task KeepAsync<TClient>(string name, Func<TClient, Task> calls)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(calls);
        var recording = new ProbeRecording(_definition);
        await calls((TClient)TMachine.CreateClient(recording)).ConfigureAwait(false);
        GoldenFile written = Record(recording.Calls);
        string path = Path.Combine(_directory, $"v{_definition.Manifest.Version}", name + ".golden");
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            await GoldenFile.WriteAsync(path, written).ConfigureAwait(false);
        if (!GoldenFile.Exists(path))
            throw new GoldenFileException($"There is no {path}; write it with {Switch}=1.");
        if (GoldenFile.Read(path).FirstDifference(written) is { } difference)
            throw new GoldenFileException($"{path} is no longer what version {_definition.Manifest.Version} of '{_definition.Manifest.Name}' writes: {difference}. Where that version was released, the change needs a version of its own.");
    }

    /// <summary>
    /// Asserts of every kept file that its commands are executed and answered as they were, that its snapshot is read and holds the same state, and that both arrive at the same state of
    /// the present version. Returns the paths of the files.
    /// </summary>
    /// <exception cref="GoldenFileException">There is no file, or one isn't understood.</exception>
    public IReadOnlyList<string> AssertUnderstood()
    {
        string[] paths = Directory.Exists(_directory) ? [.. Directory.GetFiles(_directory, "*.golden", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
        if (paths.Length == 0)
            throw new GoldenFileException($"There are no golden files under {_directory}; write them with KeepAsync and {Switch}=1.");
        foreach (string path in paths)
        {
            GoldenFile file = GoldenFile.Read(path);
            try
            {
                if (Misunderstanding(file) is { } misunderstanding)
                    throw new GoldenFileException($"{path}: {misunderstanding}.");
            }
            catch (Exception error) when (error is not GoldenFileException)
            {
                throw new GoldenFileException($"{path}: {error.Message}", error);
            }
        }

        return paths;
    }

    private GoldenFile Record(IReadOnlyList<ProbeCall> calls)
    {
        int version = _definition.Manifest.Version;
        GoldenCommand[] commands = [.. calls.Where(static call => !call.IsQuery).Select(GoldenCommand.Of)];
        IStateMachine machine = Execute(commands, version, out _);
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        machine.WriteSnapshot(ref writer, version);
        writer.Flush();
        return new GoldenFile(version, commands, bytes.WrittenSpan.ToArray(), machine.ComputeStateHash(version));
    }

    private string? Misunderstanding(GoldenFile file)
    {
        if (file.Version > _definition.Manifest.Version)
            return $"it is of version {file.Version}, and this build has version {_definition.Manifest.Version}";
        IStateMachine lived = Execute(file.Commands, file.Version, out string? difference);
        if (difference is not null)
            return difference;
        if (lived.ComputeStateHash(file.Version) != file.StateHash)
            return "its commands lead to another state than they did";
        IStateMachine restored = _definition.Create();
        var reader = new MessagePackReader(file.Snapshot);
        restored.ReadSnapshot(ref reader, file.Version);
        if (restored.ComputeStateHash(file.Version) != file.StateHash)
            return "its snapshot is read as another state than was written";
        return Migrated(lived, file.Version) == Migrated(restored, file.Version) ? null : "its commands and its snapshot lead to different states of the present version";
    }

    private UInt128 Migrated(IStateMachine machine, int from)
    {
        var context = new CommandContext { Effects = new CommandEffects(_definition.Manifest.Name, machine) };
        for (int version = from + 1; version <= _definition.Manifest.Version; version++)
        {
            context.Begin(ProbeRecording.StampOf(index: 0, nowMs: 0, timer: null, version));
            machine = context.Effects.Machine = StateMigration.Run(_definition, machine, version, context);
        }

        return machine.ComputeStateHash(_definition.Manifest.Version);
    }

    private IStateMachine Execute(IReadOnlyList<GoldenCommand> commands, int version, out string? difference)
    {
        difference = null;
        var replica = new MachineReplica(_definition);
        foreach (GoldenCommand command in commands)
        {
            string reply = GoldenCommand.Describe(replica.Apply(command.Payload, command.StampAt(version)));
            if (reply != command.Reply)
                difference ??= $"its command {command.Index} is answered with '{reply}', and was with '{command.Reply}'";
        }

        return replica.Machine;
    }
}
