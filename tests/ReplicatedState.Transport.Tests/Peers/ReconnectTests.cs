using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Peers;

/// <summary>What happens when the other side is gone, comes back, or says no.</summary>
public sealed class ReconnectTests
{
    private static readonly Action<GrpcTransportOptions> Fast = options =>
    {
        options.ReconnectDelay = TimeSpan.FromMilliseconds(20);
        options.ReconnectDelayMax = TimeSpan.FromMilliseconds(100);
    };

    [Fact]
    public async Task All_lanes_come_back_when_the_peer_is_restarted()
    {
        await using NodeHost dialling = await NodeHost.StartAsync(configure: Fast);
        var before = new RecordingReceiver();
        NodeHost peer = await NodeHost.StartAsync();
        peer.Transport.Start(before);
        var dialler = new RecordingDialler();
        using IPeerLink link = dialling.Transport.Connect(peer.Address, dialler);
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");

        int port = peer.Port;
        await peer.DisposeAsync();
        await Wait.UntilAsync(() => dialler.Disconnects.Count == 3, "all lanes are down");
        Assert.False(link.TrySend(Lane.Control, Frame.Of([1])));
        Assert.All(before.Streams, stream => Assert.True(stream.IsClosed));

        var after = new RecordingReceiver();
        await using NodeHost again = await NodeHost.StartAsync(port: port);
        again.Transport.Start(after);
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up again");
        Assert.True(link.TrySend(Lane.Control, Frame.Of([2])));
        await Wait.UntilAsync(() => after.Frames(Lane.Control).Any(), "frames flow again");
        Assert.Equal([2], after.Frames(Lane.Control).Single());
        Assert.Equal(3, dialler.Disconnects.Count);
    }

    [Fact]
    public async Task A_peer_that_starts_late_is_found()
    {
        await using NodeHost dialling = await NodeHost.StartAsync(configure: Fast);
        NodeHost placeholder = await NodeHost.StartAsync();
        int port = placeholder.Port;
        await placeholder.DisposeAsync();
        var dialler = new RecordingDialler();
        using IPeerLink link = dialling.Transport.Connect($"127.0.0.1:{port}", dialler);
        await Wait.UntilAsync(() => dialling.Log.Lines.Any(line => line.Text.Contains("can't be opened", StringComparison.Ordinal)), "dialling failed");
        Assert.False(link.TrySend(Lane.Control, Frame.Of([1])));

        await using NodeHost peer = await NodeHost.StartAsync(port: port);
        peer.Transport.Start(new RecordingReceiver());
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");
        Assert.Empty(dialler.Disconnects);
    }

    [Fact]
    public async Task A_refused_greeting_is_heard_and_repeated_until_it_is_accepted()
    {
        var receiver = new RecordingReceiver { Accepts = false };
        await using NodeHost host = await NodeHost.StartAsync(configure: Fast);
        host.Transport.Start(receiver);
        var dialler = new RecordingDialler();
        using IPeerLink link = host.Transport.Connect(host.Address, dialler);

        await Wait.UntilAsync(() => dialler.Welcomes.Count(welcome => welcome == (Lane.Control, "go away")) >= 2, "the refusal was heard twice");
        Assert.False(link.TrySend(Lane.Control, Frame.Of([1])));
        Assert.Empty(dialler.Disconnects);

        receiver.Accepts = true;
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");
    }

    [Fact]
    public async Task A_node_that_is_not_ready_yet_is_dialled_until_it_is()
    {
        await using NodeHost host = await NodeHost.StartAsync(configure: Fast);
        var dialler = new RecordingDialler();
        using IPeerLink link = host.Transport.Connect(host.Address, dialler);
        await Wait.UntilAsync(() => host.Log.Lines.Any(line => line.Text.Contains("not ready for peers", StringComparison.Ordinal)), "the node said so");

        host.Transport.Start(new RecordingReceiver());
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");
    }

    [Fact]
    public async Task A_disposed_link_takes_no_frames_reports_nothing_and_ends_its_streams()
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync(configure: Fast);
        host.Transport.Start(receiver);
        var dialler = new RecordingDialler();
        IPeerLink link = host.Transport.Connect(host.Address, dialler);
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");

        link.Dispose();

        Assert.False(link.TrySend(Lane.Bulk, Frame.Of([1])));
        await Wait.UntilAsync(() => receiver.Streams.All(stream => stream.IsClosed), "the peer saw the streams end");
        Assert.Empty(dialler.Disconnects);
        Assert.Equal(3, receiver.Streams.Count);
    }
}
