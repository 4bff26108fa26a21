using Grpc.Net.Client;

namespace ReplicatedState.Client.Grpc;

/// <summary>How a client's HTTP/2 connection to a node is made.</summary>
internal static class GrpcConnection
{
    /// <summary>A channel that connects when it is first used, and again after it broke.</summary>
    public static GrpcChannel Open(string address, ReplicatedStateClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = options.KeepAlive ? options.KeepAliveInterval : Timeout.InfiniteTimeSpan,
            KeepAlivePingTimeout = options.KeepAlive ? options.KeepAliveTimeout : Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (options.Tls is not null)
            handler.SslOptions = options.Tls;
        return GrpcChannel.ForAddress($"{(options.Tls is null ? "http" : "https")}://{address}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxMessageSize + Wire.ClientProtocol.BatchSizeTarget,
            MaxSendMessageSize = null,
        });
    }
}
