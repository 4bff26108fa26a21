namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Answers differently on every replica.</summary>
[ReplicatedStateMachine("moody")]
public sealed partial class Moody
{
    [State] private long _count;

    [Transient] private readonly Guid _mood = Guid.NewGuid();

    [Command]
    public string Ask() => $"{++_count} {_mood}";
}
