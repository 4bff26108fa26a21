using Grpc.Net.Client;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>How an HTTP/2 connection to a peer is made.</summary>
internal static class PeerConnection
{
    /// <summary>A channel that connects when a stream is opened on it, and again after the connection broke.</summary>
    public static GrpcChannel Open(string address, GrpcTransportOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectionTimeout,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            KeepAlivePingDelay = options.KeepAlive ? options.KeepAliveInterval : Timeout.InfiniteTimeSpan,
            KeepAlivePingTimeout = options.KeepAlive ? options.KeepAliveTimeout : Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        if (options.Tls is not null)
            handler.SslOptions = options.Tls;
        return GrpcChannel.ForAddress($"{(options.Tls is null ? "http" : "https")}://{address}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxMessageSize + FramesMessage.OverheadMax,
            MaxSendMessageSize = null,
        });
    }
}
