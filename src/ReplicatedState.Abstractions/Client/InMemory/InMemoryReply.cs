namespace ReplicatedState;

/// <summary>How a command under an idempotency key ended: everybody who sends it gets this.</summary>
internal sealed class InMemoryReply
{
    private readonly byte[] _body = [];
    private readonly ConsensusException? _error;

    private InMemoryReply(byte[] body) => _body = body;

    private InMemoryReply(ConsensusException error) => _error = error;

    public static InMemoryReply Of(Func<byte[]> execute)
    {
        try
        {
            return new InMemoryReply(execute());
        }
        catch (ConsensusException error) when (error is CommandRejectedException or CommandFailedException)
        {
            return new InMemoryReply(error);
        }
    }

    public ReplyBuffer ToBuffer() => _error switch
    {
        null => ReplyBuffer.Copy(_body),
        CommandRejectedException rejection => throw new CommandRejectedException(rejection.RejectionCode, rejection.Message),
        CommandFailedException failure => throw new CommandFailedException(failure.ExceptionType, failure.Message),
        _ => throw _error,
    };
}
