namespace ReplicatedState;

/// <summary>The base of every error that a call to a replicated state machine ends with.</summary>
public abstract class ConsensusException : Exception
{
    /// <summary>Creates the error.</summary>
    protected ConsensusException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The stable code of the error, <c>CONSENSUS_…</c>, the same in gRPC trailers and HTTP problem details.</summary>
    public string Code { get; }

    /// <summary>True where the call was definitely not executed and may succeed when it is sent again.</summary>
    public virtual bool IsRetryable => false;

    /// <summary>True where nobody can tell whether the command was executed.</summary>
    public virtual bool IsAmbiguous => false;
}
