using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// The second version of <see cref="RegisterMachine"/>. It has one more command, Mark, which appends like Append, and two more counters: of what was executed since the version is in effect, and of the marks
/// among that. While it is in effect every command answers the first of them too, so that a replica that executes by another version than the others answers, hashes and keeps something else.
/// </summary>
internal sealed class UpgradedRegisterMachine : IReplicatedStateMachine<UpgradedRegisterMachine>
{
    public const int Version = 2;
    public const uint MarkId = 3;

    private const int SnapshotParts = 3;
    private readonly IStateMachine _register = new RegisterMachine { BinaryVersion = Version };
    private ulong _since;
    private ulong _marks;

    public static StateMachineManifest Manifest { get; } = new(
        RegisterMachine.MachineName,
        Version,
        SchemaHash: 8,
        Commands: [.. RegisterMachine.Manifest.Commands, new(MarkId, "Mark", Version, "(ulong client, ulong number) → ulong")],
        RegisterMachine.Manifest.Queries,
        State: [new(1, "Since", Version, "ulong"), new(2, "Marks", Version, "ulong")]);

    public static Type ClientType => RegisterMachine.ClientType;

    public static UpgradedRegisterMachine Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        MessagePackReader header = command.CreatePeekReader();
        if (CallFormat.ReadHeader(ref header, out int count) != MarkId)
            return RegisterMachine.ValidateCommand(ref command);
        if (count != 2)
            throw new InvalidCommandException($"Mark takes 2 arguments, not {count}.");
        CallFormat.ReadHeader(ref command, out _);
        command.ReadUInt64();
        command.ReadUInt64();
        return Version;
    }

    void IStateMachine.Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        MessagePackReader header = command.CreatePeekReader();
        bool isMark = CallFormat.ReadHeader(ref header, out _) == MarkId;
        _register.Apply(ref command, context, ref reply);
        if (context.MachineVersion < Version)
            return;
        _since++;
        if (isMark)
            _marks++;
        reply.Write(_since);
    }

    void IStateMachine.Query(ref MessagePackReader query, ref MessagePackWriter reply) => _register.Query(ref query, ref reply);

    void IStateMachine.WriteSnapshot(ref MessagePackWriter writer, int version)
    {
        if (version >= Version)
        {
            writer.WriteArrayHeader(SnapshotParts);
            writer.Write(_since);
            writer.Write(_marks);
        }

        _register.WriteSnapshot(ref writer, version);
    }

    void IStateMachine.ReadSnapshot(ref MessagePackReader reader, int version)
    {
        _since = _marks = 0;
        if (version >= Version)
        {
            reader.ReadArrayHeader();
            _since = reader.ReadUInt64();
            _marks = reader.ReadUInt64();
        }

        _register.ReadSnapshot(ref reader, version);
    }

    UInt128 IStateMachine.ComputeStateHash(int version)
    {
        UInt128 register = _register.ComputeStateHash(version);
        if (version < Version)
            return register;
        TraceHash hash = default;
        hash.Add((ulong)register);
        hash.Add(_since);
        hash.Add(_marks);
        return hash.Low;
    }
}
