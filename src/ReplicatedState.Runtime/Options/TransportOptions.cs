namespace ReplicatedState.Runtime.Options;

/// <summary>The <c>transport.*</c> keys that the node itself obeys; keep-alives, connections and compression are the transport's.</summary>
public sealed record TransportOptions
{
    /// <summary><c>transport.max_message_size</c> in bytes: no frame is larger, no larger one is accepted. A command must fit with a kilobyte to spare.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    internal void Validate() =>
        NodeOptions.Require(
            MaxMessageSize is >= 64 * 1024 and <= 256 * 1024 * 1024,
            $"transport.max_message_size is {MaxMessageSize}; it must be between 64 KiB and 256 MiB");
}
