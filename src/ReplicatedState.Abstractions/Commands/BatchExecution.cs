using System.Buffers;

namespace ReplicatedState.Batches;

/// <summary>Executes the commands of a batch outside of a cluster, where they answer by exceptions.</summary>
internal static class BatchExecution
{
    /// <summary>Executes one after the other.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="execute">Gets a command and how many were before it. Gives the encoded result.</param>
    /// <returns>The encoded reply.</returns>
    public static byte[] Run(ReadOnlyMemory<byte> batch, Func<ReadOnlyMemory<byte>, int, byte[]> execute)
    {
        var body = new ArrayBufferWriter<byte>();
        var commands = new BatchReader(batch);
        var reply = new BatchReplyWriter(body, commands.Count);
        for (int position = 0; commands.TryRead(out ReadOnlyMemory<byte> command); position++)
        {
            try
            {
                reply.AddResult(execute(command, position));
            }
            catch (CommandRejectedException rejection)
            {
                reply.AddRejection(rejection.RejectionCode, rejection.Message);
            }
            catch (CommandFailedException failure)
            {
                reply.AddFailure(failure.ExceptionType);
            }
        }

        reply.End();
        return body.WrittenSpan.ToArray();
    }
}
