using System.Collections.Immutable;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>Gives the cluster its identity and its first members. The first one counts; the same one again changes nothing.</summary>
/// <param name="ClusterId">The cluster's identity.</param>
/// <param name="Epoch">0, but after a recovery by force.</param>
/// <param name="Label">The configured name of the cluster.</param>
/// <param name="Members">The nodes that formed it.</param>
public sealed record FormCluster(Guid ClusterId, uint Epoch, string Label, ImmutableArray<Member> Members) : ISystemCommand<FormCluster>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 1;

    static uint ISystemCommand<FormCluster>.Id => CommandId;

    static int ISystemCommand<FormCluster>.ArgumentCount => 4;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer)
    {
        ScalarFormat.Write(ref writer, ClusterId);
        writer.Write(Epoch);
        writer.Write(Label);
        SystemStateFormat.WriteMembers(ref writer, Members);
    }

    /// <inheritdoc/>
    public static FormCluster ReadArguments(ref MessagePackReader reader) =>
        new(ScalarFormat.ReadGuid(ref reader), reader.ReadUInt32(), SystemStateFormat.ReadString(ref reader), SystemStateFormat.ReadMembers(ref reader));
}
