using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Transport.Grpc.Peers;

/// <summary>The three lanes to one peer: control and bulk on one connection, snapshots on another, so that a snapshot never stands in a heartbeat's way.</summary>
internal sealed class PeerLink : IPeerLink
{
    private readonly List<GrpcChannel> _connections = [];
    private readonly LaneSender[] _lanes;

    public PeerLink(string address, IPeerDialler dialler, GrpcTransportOptions options, TimeProvider time, ILogger logger)
    {
        Address = address;
        GrpcChannel control = Connection();
        GrpcChannel bulk = options.EnableMultiplexing ? control : Connection();
        GrpcChannel snapshot = Connection();
        _lanes = [Make(Lane.Control, control), Make(Lane.Bulk, bulk), Make(Lane.Snapshot, snapshot)];
        foreach (LaneSender lane in _lanes)
            lane.Start();

        GrpcChannel Connection()
        {
            GrpcChannel connection = PeerConnection.Open(address, options);
            _connections.Add(connection);
            return connection;
        }

        LaneSender Make(Lane lane, GrpcChannel connection) => new(lane, address, connection.CreateCallInvoker(), dialler, options, time, logger);
    }

    public string Address { get; }

    public bool TrySend(Lane lane, FrameBuffer frame) => _lanes[(int)lane].TrySend(frame);

    public void Dispose()
    {
        foreach (LaneSender lane in _lanes)
            lane.Dispose();
        foreach (GrpcChannel connection in _connections)
            connection.Dispose();
    }
}
