using System.Collections.Immutable;
using MessagePack;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Adds members, or replaces what is known of them: all of them or, where one is refused, none.</summary>
/// <param name="Members">Who.</param>
public sealed record RegisterMembers(ImmutableArray<Member> Members) : ISystemCommand<RegisterMembers>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 2;

    static uint ISystemCommand<RegisterMembers>.Id => CommandId;

    static int ISystemCommand<RegisterMembers>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => SystemStateFormat.WriteMembers(ref writer, Members);

    /// <inheritdoc/>
    public static RegisterMembers ReadArguments(ref MessagePackReader reader) => new(SystemStateFormat.ReadMembers(ref reader));
}
