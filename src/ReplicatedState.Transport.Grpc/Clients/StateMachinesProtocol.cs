using Google.Protobuf.Reflection;
using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Protocol.Client.V1;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>The service of <c>client.proto</c>, laid out as gRPC's own generator would, but with marshallers of ours.</summary>
internal static class StateMachinesProtocol
{
    private static readonly string[] UnaryNames = ["Apply", "Read", "Watch", "OpenSession", "CloseSession"];

    /// <summary>For gRPC reflection.</summary>
    public static ServiceDescriptor Descriptor => ClientReflection.Descriptor.Services[0];

    /// <summary>Called by gRPC when the service is mapped, without a service: it finds the handlers by their names.</summary>
    public static void BindService(ServiceBinderBase binder, ServiceBase? service)
    {
        binder.AddMethod(
            new Method<CallBatch, WireMessage>(MethodType.DuplexStreaming, ClientProtocol.ServiceName, "Call", CallBatch.Marshaller, WireMessage.Marshaller),
            (DuplexStreamingServerMethod<CallBatch, WireMessage>?)null);
        foreach (string name in UnaryNames)
        {
            binder.AddMethod(
                new Method<UnaryCall, WireMessage>(MethodType.Unary, ClientProtocol.ServiceName, name, UnaryCall.Marshaller, WireMessage.LastMarshaller),
                (UnaryServerMethod<UnaryCall, WireMessage>?)null);
        }
    }

    /// <summary>What the serving side implements.</summary>
    [BindServiceMethod(typeof(StateMachinesProtocol), nameof(BindService))]
    public abstract class ServiceBase
    {
        public abstract Task Call(IAsyncStreamReader<CallBatch> requests, IServerStreamWriter<WireMessage> responses, ServerCallContext context);

        public abstract Task<WireMessage> Apply(UnaryCall request, ServerCallContext context);

        public abstract Task<WireMessage> Read(UnaryCall request, ServerCallContext context);

        public abstract Task<WireMessage> Watch(UnaryCall request, ServerCallContext context);

        public abstract Task<WireMessage> OpenSession(UnaryCall request, ServerCallContext context);

        public abstract Task<WireMessage> CloseSession(UnaryCall request, ServerCallContext context);
    }
}
