using System.Buffers;
using MessagePack;
using ReplicatedState.Pages;
using ReplicatedState.Testing.NodeLevel;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>A user's machine with the run looking on: it hears of every execution on every replica, and sees the state behind it.</summary>
internal sealed class WatchedMachine<TMachine> : IReplicatedStateMachine<WatchedMachine<TMachine>>
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    private readonly TMachine _machine = TMachine.Create();
    private readonly ArrayBufferWriter<byte> _body = new();

    public static StateMachineManifest Manifest => TMachine.Manifest;

    public static Type ClientType => TMachine.ClientType;

    public static WatchedMachine<TMachine> Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => TMachine.CreateClient(channel);

    public static int ValidateCommand(ref MessagePackReader command) => TMachine.ValidateCommand(ref command);

    void IStateMachine.Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        if (CurrentRun.Value is not { } run)
        {
            _machine.Apply(ref command, context, ref reply);
            return;
        }

        // A timer's command is nobody's call, though it is executed on behalf of whoever set the timer.
        CallName caller = context.Timer is null ? CallName.Parse(context.Caller) : new CallName(context.Caller, 0, 0);
        CommandStamp stamp = context.Stamp with { Caller = caller.Client };
        context.Begin(stamp);
        SlowCommands.OnExecuted(stamp.Index, stamp.Term);
        ReadOnlySequence<byte> encoded = command.Sequence.Slice(command.Position);
        _body.ResetWrittenCount();
        var writer = new MessagePackWriter(_body);
        try
        {
            _machine.Apply(ref command, context, ref writer);
            writer.Flush();
        }
        catch (Exception e) when (e is not UnknownCommandException and not InvalidCommandException)
        {
            run.OnExecuted(stamp, caller, encoded, MachineReplica.OfException(e), _machine);
            throw;
        }

        run.OnExecuted(stamp, caller, encoded, new RecordedReply(ReplyStatus.Ok, null, null, _body.WrittenMemory), _machine);
        reply.WriteRaw(_body.WrittenSpan);
    }

    void IStateMachine.Query(ref MessagePackReader query, ref MessagePackWriter reply) => _machine.Query(ref query, ref reply);

    void IStateMachine.QueryPages(ref MessagePackReader query, PageWriter pages) => _machine.QueryPages(ref query, pages);

    void IStateMachine.WriteSnapshot(ref MessagePackWriter writer, int version) => _machine.WriteSnapshot(ref writer, version);

    void IStateMachine.ReadSnapshot(ref MessagePackReader reader, int version)
    {
        _machine.ReadSnapshot(ref reader, version);
        CurrentRun.Value?.OnRestored(_machine);
    }

    UInt128 IStateMachine.ComputeStateHash(int version) => _machine.ComputeStateHash(version);

    bool IStateMachine.WriteEvent<TEvent>(TEvent value, int version, ref MessagePackWriter writer, out uint id) => _machine.WriteEvent(value, version, ref writer, out id);

    bool IStateMachine.ChangesStateAt(int version) => _machine.ChangesStateAt(version);

    void IStateMachine.Migrate(int version, CommandContext context)
    {
        if (!context.IsTrial)
            CurrentRun.Value?.OnMigrated(context.Stamp, version);
        _machine.Migrate(version, context);
    }
}
