using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Peers;

public sealed class LaneTests
{
    [Theory]
    [InlineData(Lane.Control)]
    [InlineData(Lane.Bulk)]
    [InlineData(Lane.Snapshot)]
    public async Task Frames_of_all_sizes_arrive_in_order_and_intact_on_every_lane(Lane lane)
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync();
        host.Transport.Start(receiver);
        var dialler = new RecordingDialler();
        using IPeerLink link = host.Transport.Connect(host.Address, dialler);
        await Wait.UntilAsync(() => dialler.AllUp, "all lanes are up");

        int[] sizes = [0, 1, 127, 128, 5000, 16384, 70_000, 256 * 1024, 1_000_000, 3];
        for (int i = 0; i < sizes.Length; i++)
            Assert.True(link.TrySend(lane, Frame.Of(Frame.Content(i, sizes[i]))));

        await Wait.UntilAsync(() => receiver.Frames(lane).Count() == sizes.Length, "all frames arrived");
        Assert.Equal(sizes.Select((size, i) => Frame.Content(i, size)), receiver.Frames(lane));
        Assert.Equal($"node for {lane}", receiver.Streams.Single(stream => stream.Lane == lane).Hello);
    }
}
