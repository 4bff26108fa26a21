using MessagePack;

namespace ReplicatedState;

/// <summary>Decodes an event's value.</summary>
public delegate TEvent EventDecoder<out TEvent>(ref MessagePackReader reader);
