using MessagePack;
using ReplicatedState.Pages;
using ReplicatedState.Serialization;

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

    /// <summary>Answers one query that gives a sequence, a flat array <c>[id, argument…]</c>, item by item. Under the same conditions as <see cref="Query"/>.</summary>
    /// <exception cref="UnknownCommandException">No query of this binary that gives a sequence has the id.</exception>
    /// <exception cref="InvalidCommandException">The arguments can't be decoded.</exception>
    /// <exception cref="InvalidOperationException">The sequence would have to be waited for.</exception>
    void QueryPages(ref MessagePackReader query, PageWriter pages) => throw new UnknownCommandException("No query of the machine answers in pages.");

    /// <summary>Writes the state members as one map of key → value: those that machine version <paramref name="version"/>, the effective one, knows.</summary>
    /// <remarks>
    /// What a later version introduced is left out until that version is in effect, so that a binary that lacks it reads the snapshot: until then it may be rolled back to. What a version
    /// ends is left out from that version on.
    /// </remarks>
    void WriteSnapshot(ref MessagePackWriter writer, int version);

    /// <summary>Replaces all state members by what <see cref="WriteSnapshot"/> wrote while machine version <paramref name="version"/> was in effect.</summary>
    /// <remarks>For a machine that has just been created: members that the snapshot is too old to hold keep their initial value. After an error the machine is of no more use.</remarks>
    /// <exception cref="InvalidSnapshotException">A key is unknown or missing, or a value can't be decoded.</exception>
    void ReadSnapshot(ref MessagePackReader reader, int version);

    /// <summary>
    /// A hash of the state that is equal on replicas with equal state, whatever the order of unordered collections. Members that came after machine version
    /// <paramref name="version"/>, the effective one, don't count: replicas of older binaries lack them.
    /// </summary>
    UInt128 ComputeStateHash(int version);

    /// <summary>Encodes an event that a command emits.</summary>
    /// <param name="value">The event.</param>
    /// <param name="version">The machine version in effect.</param>
    /// <param name="writer">Gets the value.</param>
    /// <param name="id">Which of the machine's events it is.</param>
    /// <returns>False where a later machine version introduced the event: nothing is written and nothing emitted, because replicas of older binaries don't know of it.</returns>
    /// <exception cref="InvalidOperationException">The machine declares no event of the type.</exception>
    bool WriteEvent<TEvent>(TEvent value, int version, ref MessagePackWriter writer, out uint id) =>
        throw CallFormat.UndeclaredEvent(GetType().Name, typeof(TEvent));

    /// <summary>Whether a machine version adds state members, ends some, or has a migration: whether activating it changes what the state is.</summary>
    bool ChangesStateAt(int version) => false;

    /// <summary>Runs the migration to a machine version from the one before it, where there is one. After an error the machine is of no more use.</summary>
    void Migrate(int version, CommandContext context)
    {
    }
}
