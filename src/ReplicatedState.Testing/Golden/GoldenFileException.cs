namespace ReplicatedState.Testing;

/// <summary>A machine no longer writes or understands what an earlier build of it wrote. The message names the file and what differs.</summary>
public sealed class GoldenFileException(string message, Exception? innerException = null) : Exception(message, innerException)
{
}
