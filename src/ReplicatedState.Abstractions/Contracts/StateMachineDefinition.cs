using System.Buffers;
using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Json;

namespace ReplicatedState;

/// <summary>A machine type as the runtime handles it: without reflection and without its type parameter.</summary>
public sealed class StateMachineDefinition
{
    private readonly Func<IStateMachine> _create;
    private readonly Func<IStateMachineChannel, object> _createClient;
    private readonly Validator _validateCommand;
    private readonly Func<JsonCalls> _json;

    private StateMachineDefinition(
        StateMachineManifest manifest,
        Type machineType,
        Type clientType,
        Func<IStateMachine> create,
        Func<IStateMachineChannel, object> createClient,
        Validator validateCommand,
        Func<JsonCalls> json)
    {
        Manifest = manifest;
        MachineType = machineType;
        ClientType = clientType;
        _create = create;
        _createClient = createClient;
        _validateCommand = validateCommand;
        _json = json;
    }

    private delegate int Validator(ref MessagePackReader reader);

    /// <summary>Names, ids and versions of everything that the machine declares.</summary>
    public StateMachineManifest Manifest { get; }

    /// <summary>The annotated class.</summary>
    public Type MachineType { get; }

    /// <summary>The interface of the typed client, <c>I{Name}Client</c>.</summary>
    public Type ClientType { get; }

    /// <summary>The commands and queries as JSON calls them. Made when it is first asked for.</summary>
    public JsonCalls Json => _json();

    /// <summary>The definition of an annotated class.</summary>
    public static StateMachineDefinition Of<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine> =>
        new(TMachine.Manifest, typeof(TMachine), TMachine.ClientType, TMachine.Create, TMachine.CreateClient, TMachine.ValidateCommand, static () => TMachine.Json);

    /// <summary>Makes a machine in its initial state.</summary>
    public IStateMachine Create() => _create();

    /// <summary>Makes a typed client, an instance of <see cref="ClientType"/>, that sends its calls through the channel.</summary>
    public object CreateClient(IStateMachineChannel channel) => _createClient(channel);

    /// <summary>Decodes a command, or a batch of them, without executing it.</summary>
    /// <returns>The machine version that must be in effect before it may be logged.</returns>
    /// <exception cref="UnknownCommandException">No command has the id, or the command is retired.</exception>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded, or there are more than the command takes, or bytes follow.</exception>
    public int ValidateCommand(in ReadOnlySequence<byte> command)
    {
        var reader = new MessagePackReader(command);
        int since = BatchFormat.IsBatch(reader) ? ValidateBatch(ref reader) : _validateCommand(ref reader);
        if (!reader.End)
            throw new InvalidCommandException($"{reader.Sequence.Slice(reader.Position).Length} bytes follow the command.");
        return since;
    }

    /// <summary>A batch is refused whole where one of its commands would be.</summary>
    private int ValidateBatch(ref MessagePackReader reader)
    {
        int since = 0;
        int count = BatchFormat.ReadHeader(ref reader);
        for (int i = 1; i <= count; i++)
        {
            try
            {
                BatchFormat.CheckCommand(reader);
                since = Math.Max(since, _validateCommand(ref reader));
            }
            catch (InvalidCommandException error)
            {
                throw new InvalidCommandException($"Command {i} of the {count} of the batch: {error.Message}", error);
            }
            catch (UnknownCommandException error)
            {
                throw new UnknownCommandException($"Command {i} of the {count} of the batch: {error.Message}", error);
            }
        }

        return since;
    }
}
