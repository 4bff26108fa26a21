using System.ComponentModel;
using MessagePack;
using ReplicatedState.Batches;

namespace ReplicatedState;

/// <summary>Sends a batch. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BatchCall
{
    /// <summary>Sends a batch as one command.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="machine">The name of the machine behind it.</param>
    /// <param name="batch">The commands.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The batch is empty, or holds another machine's commands.</exception>
    public static ValueTask<BatchReply> SendAsync(IStateMachineChannel channel, string machine, CommandBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Machine is null)
            throw new ArgumentException("The batch is empty.", nameof(batch));
        if (batch.Machine != machine)
            throw new ArgumentException($"The batch holds commands of the machine '{batch.Machine}', and this is a client of '{machine}'.", nameof(batch));
        MachineCommand[] commands = batch.ToArray();
        RequestBuffer request = channel.RentRequest();
        var writer = new MessagePackWriter(request);
        BatchFormat.Write(ref writer, commands);
        writer.Flush();
        return CompleteAsync(channel.CommandAsync(request, cancellationToken), batch, commands);
    }

    private static async ValueTask<BatchReply> CompleteAsync(ValueTask<ReplyBuffer> pending, CommandBatch batch, MachineCommand[] commands)
    {
        using ReplyBuffer reply = await pending.ConfigureAwait(false);
        return new BatchReply(batch, commands, reply.Bytes.ToArray());
    }
}
