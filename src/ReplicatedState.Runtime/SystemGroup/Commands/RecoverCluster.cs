using MessagePack;
using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.SystemGroup.Commands;

/// <summary>The cluster begins a new epoch with one of its members alone. Written into the log by the recovery tool, while nothing runs; nobody proposes it.</summary>
/// <param name="Epoch">The new epoch; higher than the one before.</param>
/// <param name="Survivor">The member that remains, whatever it was before.</param>
public sealed record RecoverCluster(uint Epoch, RaftId Survivor) : ISystemCommand<RecoverCluster>
{
    /// <summary>Its identity on the wire.</summary>
    public const uint CommandId = 11;

    static uint ISystemCommand<RecoverCluster>.Id => CommandId;

    static int ISystemCommand<RecoverCluster>.ArgumentCount => 2;

    /// <inheritdoc/>
    public void WriteArguments(ref MessagePackWriter writer)
    {
        writer.Write(Epoch);
        writer.Write(Survivor.Value);
    }

    /// <inheritdoc/>
    public static RecoverCluster ReadArguments(ref MessagePackReader reader) => new(reader.ReadUInt32(), new RaftId(reader.ReadUInt64()));
}
