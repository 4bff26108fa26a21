namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Emits numbered entries: whoever watches sees every number once, in order, or something is wrong.</summary>
[ReplicatedStateMachine("chronicle")]
[Emits<ChronicleEntry>(Name = "Entry")]
[Emits<string>(Name = "Remark")]
public sealed partial class Chronicle
{
    [State] private long _count;

    [Command]
    public long Record(string who, int times, CommandContext context)
    {
        for (int i = 0; i < times; i++)
            context.Emit(new ChronicleEntry(++_count, who));
        return _count;
    }

    [Command]
    public void Remark(string text, CommandContext context) => context.Emit(text);

    [Command]
    public void RecordLater(string who, int afterMs, CommandContext context) => context.Schedule(TimeSpan.FromMilliseconds(afterMs), ChronicleCommands.Record(who, 2));

    [Command]
    public void RecordAndFail(string who, CommandContext context)
    {
        context.Emit(new ChronicleEntry(_count + 1, who));
        throw new CommandRejectedException("failed", "What was emitted before counts for nothing.");
    }

    [Query]
    public long Count() => _count;
}

public readonly record struct ChronicleEntry(long Number, string Who);
