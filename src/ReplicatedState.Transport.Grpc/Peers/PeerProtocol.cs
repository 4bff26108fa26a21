using Google.Protobuf.Reflection;
using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Protocol.Peer.V1;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The service of <c>peer.proto</c>, laid out as gRPC's own generator would, but with marshallers of ours.</summary>
internal static class PeerProtocol
{
    private const string ServiceName = "replicatedstate.peer.v1.Peer";
    private static readonly string[] LaneNames = ["Control", "Bulk", "Snapshot"];

    private static readonly Method<FramesMessage, WireMessage>[] Dialled =
        [.. LaneNames.Select(name => new Method<FramesMessage, WireMessage>(MethodType.DuplexStreaming, ServiceName, name, FramesMessage.Marshaller, WireMessage.Marshaller))];

    /// <summary>For gRPC reflection.</summary>
    public static ServiceDescriptor Descriptor => PeerReflection.Descriptor.Services[0];

    /// <summary>The method of a lane as the dialling side calls it.</summary>
    public static Method<FramesMessage, WireMessage> Dial(Lane lane) => Dialled[(int)lane];

    /// <summary>Called by gRPC when the service is mapped, without a service: it finds the handlers by their names.</summary>
    public static void BindService(ServiceBinderBase binder, ServiceBase? service)
    {
        foreach (string name in LaneNames)
        {
            binder.AddMethod(
                new Method<DeliveredFrames, FramesMessage>(MethodType.DuplexStreaming, ServiceName, name, LaneReceiver.Marshaller, FramesMessage.Marshaller),
                (DuplexStreamingServerMethod<DeliveredFrames, FramesMessage>?)null);
        }
    }

    /// <summary>What the serving side implements.</summary>
    [BindServiceMethod(typeof(PeerProtocol), nameof(BindService))]
    public abstract class ServiceBase
    {
        public abstract Task Control(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context);

        public abstract Task Bulk(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context);

        public abstract Task Snapshot(IAsyncStreamReader<DeliveredFrames> requests, IServerStreamWriter<FramesMessage> responses, ServerCallContext context);
    }
}
