using System.Buffers;
using MessagePack;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Takes a machine's state from one version to the next.</summary>
internal static class StateMigration
{
    /// <summary>The machine at <paramref name="version"/>, the next one after its own. Where the state changes with it, the result is another object.</summary>
    /// <remarks>
    /// Before and after the migration the state goes through its snapshot form: a replica that lived until here, one that was restored just before, and one that gets the next
    /// snapshot then have the same, whatever the machine kept beside its state, wrote too early, or shared between an old member and a new one. That costs as much as a snapshot and a restore.
    /// </remarks>
    public static IStateMachine Run(StateMachineDefinition definition, IStateMachine machine, int version, CommandContext context)
    {
        if (!machine.ChangesStateAt(version))
            return machine;
        IStateMachine migrated = Copy(definition, machine, version - 1);
        migrated.Migrate(version, context);
        return Copy(definition, migrated, version);
    }

    private static IStateMachine Copy(StateMachineDefinition definition, IStateMachine machine, int version)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        machine.WriteSnapshot(ref writer, version);
        writer.Flush();
        IStateMachine copy = definition.Create();
        var reader = new MessagePackReader(bytes.WrittenMemory);
        copy.ReadSnapshot(ref reader, version);
        return copy;
    }
}
