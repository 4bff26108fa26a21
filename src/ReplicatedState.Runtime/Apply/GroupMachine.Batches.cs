using System.Buffers;
using ReplicatedState.Batches;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Apply;

// A batch is one call: it is admitted, logged, remembered and answered as a whole, so a repetition finds all of it executed or none. Within it each command ends for itself.
public sealed partial class GroupMachine
{
    private ArrayBufferWriter<byte> _batchReply = new();

    /// <summary>Runs the commands of a batch, one behind the other; the reply is then in <see cref="_batchReply"/>. False where one of them halted the machine.</summary>
    private bool TryRunBatch(in Entry entry, string caller, ReadOnlyMemory<byte> batch)
    {
        var commands = new BatchReader(batch);
        var reply = new BatchReplyWriter(Emptied(ref _batchReply), commands.Count);
        for (int ordinal = CommandContext.BatchOrdinal; commands.TryRead(out ReadOnlyMemory<byte> command); ordinal++)
        {
            if (!TryRun(entry, ordinal, timer: null, caller, command, out ReplyStatus status, out _))
                return false;
            if (status == ReplyStatus.Ok)
            {
                reply.AddResult(_reply.WrittenSpan);
                continue;
            }

            NodeReply refusal = new ReplicatedReply(status, _reply.WrittenSpan).ToNodeReply(entry.Index, entry.Term, localMessage: null);
            if (status == ReplyStatus.Rejected)
                reply.AddRejection(refusal.Code!, refusal.Message!);
            else
                reply.AddFailure(refusal.Code!);
        }

        reply.End();
        return true;
    }
}
