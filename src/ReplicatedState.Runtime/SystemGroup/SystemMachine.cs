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
            new(UpdateMember.CommandId, nameof(UpdateMember), 1, "(Member) → void"),
            new(CreateGroup.CommandId, nameof(CreateGroup), 1, "(string, string, UInt128, int, SessionLimits) → void"),
            new(AddMember.CommandId, nameof(AddMember), 1, "(Member) → void"),
            new(RemoveMember.CommandId, nameof(RemoveMember), 1, "(RaftId) → void"),
            new(ForgetMember.CommandId, nameof(ForgetMember), 1, "(RaftId) → void"),
            new(PromoteMember.CommandId, nameof(PromoteMember), 1, "(RaftId) → void"),
            new(ReplaceMember.CommandId, nameof(ReplaceMember), 1, "(RaftId, Member) → void"),
            new(ActivateVersion.CommandId, nameof(ActivateVersion), 1, "(string, int) → void"),
            new(RecoverCluster.CommandId, nameof(RecoverCluster), 1, "(uint, RaftId) → void"),
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
    public static int ValidateCommand(ref MessagePackReader command)
    {
        uint id = CallFormat.ReadHeader(ref command, out int count);
        _ = id switch
        {
            FormCluster.CommandId => (object)SystemCommandEncoding.ReadFrom<FormCluster>(ref command, count),
            UpdateMember.CommandId => SystemCommandEncoding.ReadFrom<UpdateMember>(ref command, count),
            CreateGroup.CommandId => SystemCommandEncoding.ReadFrom<CreateGroup>(ref command, count),
            AddMember.CommandId => SystemCommandEncoding.ReadFrom<AddMember>(ref command, count),
            RemoveMember.CommandId => SystemCommandEncoding.ReadFrom<RemoveMember>(ref command, count),
            ForgetMember.CommandId => SystemCommandEncoding.ReadFrom<ForgetMember>(ref command, count),
            PromoteMember.CommandId => SystemCommandEncoding.ReadFrom<PromoteMember>(ref command, count),
            ReplaceMember.CommandId => SystemCommandEncoding.ReadFrom<ReplaceMember>(ref command, count),
            ActivateVersion.CommandId => SystemCommandEncoding.ReadFrom<ActivateVersion>(ref command, count),
            RecoverCluster.CommandId => SystemCommandEncoding.ReadFrom<RecoverCluster>(ref command, count),
            _ => throw CallFormat.UnknownCommand(MachineName, id),
        };
        return Version;
    }

    /// <inheritdoc/>
    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref command, out int count);
        State = id switch
        {
            FormCluster.CommandId => State.Form(SystemCommandEncoding.ReadFrom<FormCluster>(ref command, count)),
            UpdateMember.CommandId => State.Update(SystemCommandEncoding.ReadFrom<UpdateMember>(ref command, count).Member),
            CreateGroup.CommandId => State.Create(SystemCommandEncoding.ReadFrom<CreateGroup>(ref command, count), context.Index),
            AddMember.CommandId => State.Add(SystemCommandEncoding.ReadFrom<AddMember>(ref command, count).Member, context.Index),
            RemoveMember.CommandId => State.Remove(SystemCommandEncoding.ReadFrom<RemoveMember>(ref command, count).Id, context.Index),
            ForgetMember.CommandId => State.Forget(SystemCommandEncoding.ReadFrom<ForgetMember>(ref command, count).Id),
            PromoteMember.CommandId => State.Promote(SystemCommandEncoding.ReadFrom<PromoteMember>(ref command, count).Id, context.Index),
            ReplaceMember.CommandId => Replace(SystemCommandEncoding.ReadFrom<ReplaceMember>(ref command, count), context.Index),
            ActivateVersion.CommandId => State.Activate(SystemCommandEncoding.ReadFrom<ActivateVersion>(ref command, count)),
            RecoverCluster.CommandId => State.Recover(SystemCommandEncoding.ReadFrom<RecoverCluster>(ref command, count), context.Index),
            _ => throw CallFormat.UnknownCommand(MachineName, id),
        };
        reply.WriteNil();
    }

    private SystemState Replace(ReplaceMember replace, ulong index) => State.Replace(replace.Old, replace.Member, index);

    /// <inheritdoc/>
    public void Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref query, out _);
        if (id != StateQueryId)
            throw CallFormat.UnknownQuery(MachineName, id);
        SystemStateFormat.Write(ref reply, State);
    }

    /// <inheritdoc/>
    public void WriteSnapshot(ref MessagePackWriter writer, int version) => SystemStateFormat.Write(ref writer, State);

    /// <inheritdoc/>
    public void ReadSnapshot(ref MessagePackReader reader, int version) => State = SystemStateFormat.Read(ref reader);

    /// <inheritdoc/>
    public UInt128 ComputeStateHash(int version)
    {
        var hash = new HashingWriter();
        var writer = new MessagePackWriter(hash);
        SystemStateFormat.Write(ref writer, State);
        writer.Flush();
        return hash.Hash;
    }
}
