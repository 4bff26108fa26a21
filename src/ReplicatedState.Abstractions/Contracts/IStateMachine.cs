using MessagePack;

namespace ReplicatedState;

/// <summary>What the runtime asks of a machine. The generator implements it, explicitly, on the annotated class.</summary>
/// <remarks>Calls are made by one thread at a time; <see cref="Query"/> never runs beside <see cref="Apply"/>.</remarks>
public interface IStateMachine
{
    /// <summary>Executes one command, a flat array <c>[id, argument…]</c>, and writes its result (nil for void).</summary>
    /// <exception cref="UnknownCommandException">No command of this binary has the id.</exception>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded, or there are more than the command takes.</exception>
    void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply);

    /// <summary>Answers one query, a flat array <c>[id, argument…]</c>.</summary>
    /// <exception cref="UnknownCommandException">No query of this binary has the id.</exception>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded.</exception>
    void Query(ref MessagePackReader query, ref MessagePackWriter reply);

    /// <summary>Writes all state members as one map of key → value.</summary>
    void WriteSnapshot(ref MessagePackWriter writer);

    /// <summary>Replaces all state members by what <see cref="WriteSnapshot"/> wrote at machine version <paramref name="version"/>.</summary>
    /// <remarks>For a machine that has just been created: members that the snapshot is too old to hold keep their initial value. After an error the machine is of no more use.</remarks>
    /// <exception cref="InvalidSnapshotException">A key is unknown or missing, or a value can't be decoded.</exception>
    void ReadSnapshot(ref MessagePackReader reader, int version);

    /// <summary>A hash of the state that is equal on replicas with equal state, whatever the order of unordered collections.</summary>
    UInt128 ComputeStateHash();
}
