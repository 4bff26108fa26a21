using MessagePack;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Adds a node to the cluster; the groups take it in afterwards. The same one again changes nothing.</summary>
/// <param name="Member">The node and what it shall be.</param>
public sealed record AddMember(Member Member) : ISystemCommand<AddMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 5;

    static uint ISystemCommand<AddMember>.Id => CommandId;

    static int ISystemCommand<AddMember>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => SystemStateFormat.Write(ref writer, Member);

    /// <inheritdoc/>
    public static AddMember ReadArguments(ref MessagePackReader reader) => new(SystemStateFormat.ReadMember(ref reader));
}
