namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A <see cref="LocalChannel{TMachine}"/> to a machine whose type only the running test knows.</summary>
internal interface ILocalChannel : IStateMachineChannel
{
    IStateMachine Machine { get; }

    StateMachineDefinition Definition { get; }

    /// <summary>The bytes of the last command or query.</summary>
    byte[] LastRequest { get; }

    /// <summary>The bytes of the last reply.</summary>
    byte[] LastReply { get; }

    byte[] Snapshot();

    byte[] SnapshotOf(IStateMachine machine);

    /// <summary>Another machine, from a snapshot that bytes may follow.</summary>
    IStateMachine RestoreNew(ReadOnlyMemory<byte> snapshot);
}
