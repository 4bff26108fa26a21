using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReplicatedState.Client.Wire;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc;
using ReplicatedState.Transport.Grpc.Clients;
using ReplicatedState.Transport.Grpc.Peers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the gRPC transport.</summary>
public static class GrpcTransportServiceCollectionExtensions
{
    /// <summary>Adds <see cref="GrpcTransport"/> as the <see cref="ITransport"/>, and the services that peers and clients call.</summary>
    /// <remarks>
    /// Map them with <c>MapReplicatedStatePeers</c>. The client service asks for an <see cref="ReplicatedState.Runtime.Requests.IRequestSink"/>
    /// and an <see cref="ReplicatedState.Runtime.Scheduling.IClock"/>, which whoever hosts the node registers.
    /// </remarks>
    public static IServiceCollection AddReplicatedStateGrpcTransport(this IServiceCollection services, Action<GrpcTransportOptions>? configure = null)
    {
        services.AddGrpc();
        services.AddOptions<GrpcTransportOptions>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton<GrpcTransport>();
        services.TryAddSingleton<ITransport>(static provider => provider.GetRequiredService<GrpcTransport>());
        services.TryAddSingleton<PeerService>();
        services.TryAddSingleton<ClientService>();
        services.AddOptions<GrpcServiceOptions<PeerService>>().Configure<IOptions<GrpcTransportOptions>>(static (grpc, transport) =>
        {
            grpc.MaxReceiveMessageSize = transport.Value.MaxMessageSize + FramesMessage.OverheadMax;
            grpc.MaxSendMessageSize = null;
        });
        services.AddOptions<GrpcServiceOptions<ClientService>>().Configure<IOptions<GrpcTransportOptions>>(static (grpc, transport) =>
        {
            grpc.MaxReceiveMessageSize = transport.Value.MaxMessageSize + ClientRequestCodec.OverheadMax;
            grpc.MaxSendMessageSize = null;
        });
        return services;
    }
}
