using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Serialization;

namespace ReplicatedState;

/// <summary>How the commands of a <see cref="CommandBatch"/> ended, each for itself. Safe for concurrent use.</summary>
public sealed class BatchReply
{
    private readonly CommandBatch _batch;
    private readonly MachineCommand[] _commands;
    private readonly BatchOutcome[] _outcomes;

    /// <summary>Reads a reply. Public for tests of code that gets one from a client of their own making.</summary>
    /// <param name="batch">What was sent.</param>
    /// <param name="body">The reply: an array of an outcome for each command, which is <c>[0, result]</c>, <c>[1, code, message]</c> of a rejection, <c>[2, exception type]</c> of a failure, or <c>[10]</c>.</param>
    /// <exception cref="InvalidReplyException">The reply can't be decoded, or isn't one to this batch.</exception>
    public BatchReply(CommandBatch batch, ReadOnlyMemory<byte> body)
        : this(batch, batch?.ToArray()!, body)
    {
    }

    internal BatchReply(CommandBatch batch, MachineCommand[] commands, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _batch = batch;
        _commands = commands;
        try
        {
            _outcomes = BatchFormat.ReadReply(body);
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw CallFormat.InvalidReply("the batch", error);
        }

        if (_outcomes.Length != commands.Length)
            throw new InvalidReplyException($"The batch has {commands.Length} commands, and its reply has {_outcomes.Length} outcomes.");
    }

    /// <summary>How many commands there were.</summary>
    public int Count => _commands.Length;

    /// <summary>A command's result.</summary>
    /// <exception cref="CommandRejectedException">The command was rejected.</exception>
    /// <exception cref="CommandFailedException">The command threw.</exception>
    /// <exception cref="CommandReplyUnavailableException">The command was executed; the results of the batch were too large together for this one to be delivered.</exception>
    /// <exception cref="InvalidReplyException">The result can't be decoded.</exception>
    /// <exception cref="ArgumentException">The command isn't of this batch.</exception>
    public TResult ResultOf<TResult>(BatchedCommand<TResult> command)
    {
        int position = PositionOf(command);
        if (ErrorAt(position) is { } error)
            throw error;
        try
        {
            var reader = new MessagePackReader(_outcomes[position].Result);
            return command.Decoder(ref reader);
        }
        catch (Exception failure) when (CallFormat.IsDecodingError(failure))
        {
            throw CallFormat.InvalidReply($"the command '{_commands[position].Name}'", failure);
        }
    }

    /// <summary>How a command ended: null where it was executed and neither rejected nor failed.</summary>
    /// <returns><see cref="CommandRejectedException"/>, <see cref="CommandFailedException"/>, or <see cref="CommandReplyUnavailableException"/> where it was executed and its result didn't fit into the reply.</returns>
    /// <exception cref="ArgumentException">The command isn't of this batch.</exception>
    public ConsensusException? ErrorOf(BatchedCommand command) => ErrorAt(PositionOf(command));

    /// <summary>Throws what the first command ended with that was rejected or failed; nothing where none was.</summary>
    /// <exception cref="CommandRejectedException">A command was rejected; the commands around it were executed all the same.</exception>
    /// <exception cref="CommandFailedException">A command threw; the commands around it were executed all the same.</exception>
    public void ThrowIfAnyFailed()
    {
        for (int i = 0; i < _outcomes.Length; i++)
        {
            if (_outcomes[i].Status is ReplyStatus.Rejected or ReplyStatus.Failed)
                throw ErrorAt(i)!;
        }
    }

    private int PositionOf(BatchedCommand command) => ReferenceEquals(command.Batch, _batch) && command.Position < _commands.Length
        ? command.Position
        : throw new ArgumentException("The command isn't one of the batch that this is the reply to.", nameof(command));

    private ConsensusException? ErrorAt(int position)
    {
        ref readonly BatchOutcome outcome = ref _outcomes[position];
        return outcome.Status switch
        {
            ReplyStatus.Ok => null,
            ReplyStatus.Rejected => new CommandRejectedException(outcome.Code!, outcome.Message!),
            ReplyStatus.Failed => new CommandFailedException(
                outcome.Code!, $"The command '{_commands[position].Name}', number {position + 1} of the batch, threw {outcome.Code} when it was executed; the nodes' logs have the message."),
            _ => new CommandReplyUnavailableException(
                $"The command '{_commands[position].Name}', number {position + 1} of the batch, was executed; the results before it left no room for its own in the {BatchFormat.ResultBytesMax} bytes that a batch has for results."),
        };
    }
}
