namespace ReplicatedState.Consensus;

/// <summary>An entry of the log can't be read. The replica stops: it can't replicate or apply what it can't read.</summary>
public sealed class LogReadException(string message, Exception? innerException = null) : Exception(message, innerException);
