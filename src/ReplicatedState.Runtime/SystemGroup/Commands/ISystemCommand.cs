using MessagePack;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>A command of the system group: on the wire a flat array <c>[id, argument…]</c>, as any machine's.</summary>
/// <typeparam name="TSelf">The command.</typeparam>
public interface ISystemCommand<TSelf>
    where TSelf : ISystemCommand<TSelf>
{
    /// <summary>Its identity on the wire.</summary>
    static abstract uint Id { get; }

    /// <summary>How many arguments follow the id.</summary>
    static abstract int ArgumentCount { get; }

    /// <summary>Writes the arguments.</summary>
    void WriteArguments(ref MessagePackWriter writer);

    /// <summary>Reads the arguments. Whatever it throws means that they can't be decoded.</summary>
    static abstract TSelf ReadArguments(ref MessagePackReader reader);
}
