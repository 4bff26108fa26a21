using MessagePack;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Creates a group with the cluster's present members. A name that exists with the same machine changes nothing.</summary>
/// <param name="Name">The instance's name.</param>
/// <param name="Machine">The name of its machine type.</param>
/// <param name="Genesis">What its replicas start with; that of the first creation counts.</param>
public sealed record CreateGroup(string Name, string Machine, GroupGenesis Genesis) : ISystemCommand<CreateGroup>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 4;

    static uint ISystemCommand<CreateGroup>.Id => CommandId;

    static int ISystemCommand<CreateGroup>.ArgumentCount => 5;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer)
    {
        writer.Write(Name);
        writer.Write(Machine);
        ScalarFormat.Write(ref writer, Genesis.Secret);
        writer.Write(Genesis.MachineVersion);
        SessionLimitsFormat.Write(ref writer, Genesis.Limits);
    }

    /// <inheritdoc/>
    public static CreateGroup ReadArguments(ref MessagePackReader reader) => new(
        SystemStateFormat.ReadString(ref reader),
        SystemStateFormat.ReadString(ref reader),
        new GroupGenesis(ScalarFormat.ReadUInt128(ref reader), reader.ReadInt32(), SessionLimitsFormat.Read(ref reader)));
}
