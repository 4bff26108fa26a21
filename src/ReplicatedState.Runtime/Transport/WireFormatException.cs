namespace ReplicatedState.Runtime.Transport;

/// <summary>Bytes from outside are no frame of this protocol: truncated, oversized, damaged or foreign. The stream that carried them is closed.</summary>
public sealed class WireFormatException(string message) : Exception(message);
