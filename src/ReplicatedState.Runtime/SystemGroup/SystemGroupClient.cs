using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.SystemGroup;

/// <summary>Asks the system group through a channel, as a generated client asks its machine. Its records are changed by the nodes alone. Safe for concurrent use.</summary>
/// <remarks>Every method ends with the errors that <see cref="IStateMachineChannel"/> names.</remarks>
public sealed class SystemGroupClient(IStateMachineChannel channel)
{
    /// <summary>What the cluster knows of itself.</summary>
    public async ValueTask<SystemState> GetStateAsync(ReadConsistency consistency = default, CancellationToken cancellationToken = default)
    {
        using ReplyBuffer reply = await channel.QueryAsync(StateQuery(), consistency, cancellationToken).ConfigureAwait(false);
        return ReadState(reply);
    }

    private RequestBuffer StateQuery()
    {
        RequestBuffer request = channel.RentRequest();
        var writer = new MessagePackWriter(request);
        CallFormat.WriteHeader(ref writer, SystemMachine.StateQueryId, argumentCount: 0);
        writer.Flush();
        return request;
    }

    private static SystemState ReadState(ReplyBuffer reply)
    {
        var reader = new MessagePackReader(reply.Bytes);
        return SystemStateFormat.Read(ref reader);
    }
}
