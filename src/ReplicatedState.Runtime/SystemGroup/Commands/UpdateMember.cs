using MessagePack;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Replaces what is known of a member: a new address, new labels, a new binary.</summary>
/// <param name="Member">Its new description.</param>
public sealed record UpdateMember(Member Member) : ISystemCommand<UpdateMember>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 3;

    static uint ISystemCommand<UpdateMember>.Id => CommandId;

    static int ISystemCommand<UpdateMember>.ArgumentCount => 1;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer) => SystemStateFormat.Write(ref writer, Member);

    /// <inheritdoc/>
    public static UpdateMember ReadArguments(ref MessagePackReader reader) => new(SystemStateFormat.ReadMember(ref reader));
}
