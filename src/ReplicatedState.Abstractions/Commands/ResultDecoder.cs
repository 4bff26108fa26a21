using MessagePack;

namespace ReplicatedState;

/// <summary>Decodes a command's result.</summary>
public delegate TResult ResultDecoder<out TResult>(ref MessagePackReader reader);
