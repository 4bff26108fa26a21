using MessagePack;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Deletes the record of a leaving member that no group has any more. Its id is never taken in again.</summary>
/// <param name="Id">Who.</param>
public sealed record ForgetMember(RaftId Id) : ISystemCommand<ForgetMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 7;

    static uint ISystemCommand<ForgetMember>.Id => CommandId;

    static int ISystemCommand<ForgetMember>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => writer.Write(Id.Value);

    /// <inheritdoc/>
    public static ForgetMember ReadArguments(ref MessagePackReader reader) => new(new RaftId(reader.ReadUInt64()));
}
