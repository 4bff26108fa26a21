using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ReplicatedState.Client.Grpc;

/// <summary>Reaches every node over gRPC.</summary>
public sealed class GrpcEndpointFactory(ReplicatedStateClientOptions options, ILoggerFactory? loggers = null) : IClientEndpointFactory
{
    private readonly ILogger<GrpcEndpoint> _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<GrpcEndpoint>();

    /// <inheritdoc/>
    public IClientEndpoint Create(string address) => new GrpcEndpoint(address, options, _logger);
}
