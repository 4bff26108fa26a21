using MessagePack;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Marks a member as leaving; the groups let it go afterwards. The same one again changes nothing.</summary>
/// <param name="Id">Who.</param>
public sealed record RemoveMember(RaftId Id) : ISystemCommand<RemoveMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 6;

    static uint ISystemCommand<RemoveMember>.Id => CommandId;

    static int ISystemCommand<RemoveMember>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => writer.Write(Id.Value);

    /// <inheritdoc/>
    public static RemoveMember ReadArguments(ref MessagePackReader reader) => new(new RaftId(reader.ReadUInt64()));
}
