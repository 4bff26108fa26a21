using MessagePack;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>
/// Says that a machine version shall be in effect in a group; its leader then activates it by an entry. Rejected unless it is higher than the one before, and every member's binary is recorded
/// to have it: joining and activating are in one order here, so that nobody who lacks it can slip in between.
/// </summary>
/// <param name="Group">The group's name.</param>
/// <param name="Version">The machine version; 2 or more.</param>
public sealed record ActivateVersion(string Group, int Version) : ISystemCommand<ActivateVersion>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 10;

    static uint ISystemCommand<ActivateVersion>.Id => CommandId;

    static int ISystemCommand<ActivateVersion>.ArgumentCount => 2;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer)
    {
        writer.Write(Group);
        writer.Write(Version);
    }

    /// <inheritdoc/>
    public static ActivateVersion ReadArguments(ref MessagePackReader reader) => new(SystemStateFormat.ReadString(ref reader), reader.ReadInt32());
}
