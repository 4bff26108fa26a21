using MessagePack;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>
/// Readmits a node whose data directory was wiped: the id that it had leaves, and the one that it has now takes its name and its standing. In every group the new id learns first, and
/// then one joint change swaps the two.
/// </summary>
/// <param name="Old">The id that the name had.</param>
/// <param name="Member">The node as it is now.</param>
public sealed record ReplaceMember(RaftId Old, Member Member) : ISystemCommand<ReplaceMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 9;

    static uint ISystemCommand<ReplaceMember>.Id => CommandId;

    static int ISystemCommand<ReplaceMember>.ArgumentCount => 2;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer)
    {
        writer.Write(Old.Value);
        SystemStateFormat.Write(ref writer, Member);
    }

    /// <inheritdoc/>
    public static ReplaceMember ReadArguments(ref MessagePackReader reader) =>
        new(new RaftId(reader.ReadUInt64()), SystemStateFormat.ReadMember(ref reader));
}
