using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.Shards;

/// <summary>A machine and the lock that keeps its owner and the queries of other threads apart.</summary>
/// <remarks>A snapshot puts another pair in its place: a query that has begun ends on the state that it began on, which is let go after it.</remarks>
internal sealed class GatedMachine(GroupMachine machine)
{
    /// <summary>Held while the machine is touched.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The machine.</summary>
    public GroupMachine Machine { get; } = machine;
}
