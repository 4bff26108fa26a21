using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc;

namespace ReplicatedState.Transport.Tests.Hosts;

/// <summary>A node that has dialled itself: both ends of a link, with all lanes up.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private PeerPair(NodeHost host, RecordingReceiver receiver, RecordingDialler dialler, IPeerLink link)
    {
        Host = host;
        Receiver = receiver;
        Dialler = dialler;
        Link = link;
    }

    public NodeHost Host { get; }

    public RecordingReceiver Receiver { get; }

    public RecordingDialler Dialler { get; }

    public IPeerLink Link { get; }

    public static async Task<PeerPair> ConnectAsync(Action<GrpcTransportOptions>? configure = null)
    {
        var receiver = new RecordingReceiver();
        NodeHost host = await NodeHost.StartAsync(configure: configure);
        host.Transport.Start(receiver);
        var dialler = new RecordingDialler();
        IPeerLink link = host.Transport.Connect(host.Address, dialler);
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");
        return new PeerPair(host, receiver, dialler, link);
    }

    public async ValueTask DisposeAsync()
    {
        Link.Dispose();
        await Host.DisposeAsync();
    }
}
