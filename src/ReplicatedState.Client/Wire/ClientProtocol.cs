using Grpc.Core;

namespace ReplicatedState.Client.Wire;

/// <summary>The names of <c>client.proto</c>, and its methods as this client calls them.</summary>
internal static class ClientProtocol
{
    public const string ServiceName = "replicatedstate.client.v1.StateMachines";

    /// <summary>The field of <c>RequestBatch</c> and <c>ReplyBatch</c> that repeats.</summary>
    public const int BatchItem = 1;

    /// <summary>Calls gather into messages up to this size; a single larger call is a message of its own.</summary>
    public const int BatchSizeTarget = 64 * 1024;

    public static Method<WireMessage, WireMessage> Call { get; } =
        new(MethodType.DuplexStreaming, ServiceName, "Call", WireMessage.Marshaller, WireMessage.Marshaller);
}
