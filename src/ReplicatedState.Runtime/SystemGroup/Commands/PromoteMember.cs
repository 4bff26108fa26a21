using MessagePack;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Makes a voter of a learner; the groups follow as soon as it has caught up.</summary>
/// <param name="Id">Who.</param>
public sealed record PromoteMember(RaftId Id) : ISystemCommand<PromoteMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 8;

    static uint ISystemCommand<PromoteMember>.Id => CommandId;

    static int ISystemCommand<PromoteMember>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => writer.Write(Id.Value);

    /// <inheritdoc/>
    public static PromoteMember ReadArguments(ref MessagePackReader reader) => new(new RaftId(reader.ReadUInt64()));
}
