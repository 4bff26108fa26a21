using MessagePack;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.SystemGroup.Commands;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>The machine of group 0: who belongs to the cluster, and which groups it has. Written by hand, because the runtime can't use the generator whose output runs on it.</summary>
/// <remarks>One thread at a time, as any machine, but for <see cref="State"/>, which any thread may read.</remarks>
public sealed class SystemMachine : IReplicatedStateMachine<SystemMachine>
{
    /// <summary>The machine's name in snapshots and on the wire.</summary>
    public const string MachineName = "system";

    internal const int Version = 1;
    internal const uint StateQueryId = 1;
    private SystemState _state = SystemState.Empty;

    /// <inheritdoc/>
    public static StateMachineManifest Manifest { get; } = new(
        MachineName,
        Version,
        SchemaHash: 1,
        Commands:
        [
            new(FormCluster.CommandId, nameof(FormCluster), 1, "(Guid, uint, string, Member[]) → void"),
            new(RegisterMembers.CommandId, nameof(RegisterMembers), 1, "(Member[]) → void"),
            new(UpdateMember.CommandId, nameof(UpdateMember), 1, "(Member) → void"),
            new(CreateGroup.CommandId, nameof(CreateGroup), 1, "(string, string, UInt128, int, SessionLimits) → uint"),
        ],
        Queries: [new(StateQueryId, nameof(State), 1, "() → SystemState")],
        State: SystemStateFormat.StateMembers);

    /// <inheritdoc/>
    public static Type ClientType => typeof(SystemGroupClient);

    /// <summary>What the cluster knows of itself, as of the last applied entry. Any thread: it is replaced, never changed.</summary>
    public SystemState State
    {
        get => Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, value);
    }

    /// <inheritdoc/>
    public static SystemMachine Create() => new();

    /// <inheritdoc/>
    public static object CreateClient(IStateMachineChannel channel) => new SystemGroupClient(channel);

    /// <inheritdoc/>
    public static void ValidateCommand(ref MessagePackReader command)
    {
        uint id = CallFormat.ReadHeader(ref command, out int count);
        _ = id switch
        {
            FormCluster.CommandId => (object)SystemCommandEncoding.ReadFrom<FormCluster>(ref command, count),
            RegisterMembers.CommandId => SystemCommandEncoding.ReadFrom<RegisterMembers>(ref command, count),
            UpdateMember.CommandId => SystemCommandEncoding.ReadFrom<UpdateMember>(ref command, count),
            CreateGroup.CommandId => SystemCommandEncoding.ReadFrom<CreateGroup>(ref command, count),
            _ => throw CallFormat.UnknownCommand(MachineName, id),
        };
    }

    /// <inheritdoc/>
    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref command, out int count);
        switch (id)
        {
            case FormCluster.CommandId:
                State = State.Form(SystemCommandEncoding.ReadFrom<FormCluster>(ref command, count));
                reply.WriteNil();
                break;
            case RegisterMembers.CommandId:
                State = State.Register(SystemCommandEncoding.ReadFrom<RegisterMembers>(ref command, count).Members);
                reply.WriteNil();
                break;
            case UpdateMember.CommandId:
                State = State.Update(SystemCommandEncoding.ReadFrom<UpdateMember>(ref command, count).Member);
                reply.WriteNil();
                break;
            case CreateGroup.CommandId:
                CreateGroup create = SystemCommandEncoding.ReadFrom<CreateGroup>(ref command, count);
                State = State.Create(create, context.Index);
                reply.Write(State.Groups[create.Name].Id.Value);
                break;
            default:
                throw CallFormat.UnknownCommand(MachineName, id);
        }
    }

    /// <inheritdoc/>
    public void Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref query, out _);
        if (id != StateQueryId)
            throw CallFormat.UnknownQuery(MachineName, id);
        SystemStateFormat.Write(ref reply, State);
    }

    /// <inheritdoc/>
    public void WriteSnapshot(ref MessagePackWriter writer) => SystemStateFormat.Write(ref writer, State);

    /// <inheritdoc/>
    public void ReadSnapshot(ref MessagePackReader reader, int version) => State = SystemStateFormat.Read(ref reader);

    /// <inheritdoc/>
    public UInt128 ComputeStateHash()
    {
        var hash = new HashingWriter();
        var writer = new MessagePackWriter(hash);
        SystemStateFormat.Write(ref writer, State);
        writer.Flush();
        return hash.Hash;
    }
}
