using System.Buffers;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Peers;

/// <summary>What the node may rely on once a lane is up.</summary>
public sealed class LaneTests
{
    [Theory]
    [InlineData(Lane.Control)]
    [InlineData(Lane.Bulk)]
    [InlineData(Lane.Snapshot)]
    public async Task Frames_of_all_sizes_arrive_in_order_and_intact_on_every_lane(Lane lane)
    {
        await using PeerPair pair = await PeerPair.ConnectAsync();

        int[] sizes = [0, 1, 127, 128, 5000, 16384, 70_000, 256 * 1024, 1_000_000, 4 * 1024 * 1024, 3];
        for (int i = 0; i < sizes.Length; i++)
            Assert.True(pair.Link.TrySend(lane, Frame.Of(Frame.Content(i, sizes[i]))));

        await Wait.UntilAsync(() => pair.Receiver.Frames(lane).Count() == sizes.Length, "all frames arrived");
        Assert.Equal(sizes.Select((size, i) => Frame.Content(i, size)), pair.Receiver.Frames(lane));
        Assert.Equal($"node for {lane}", pair.Receiver.Streams.Single(stream => stream.Lane == lane).Hello);
    }

    [Fact]
    public async Task Many_small_frames_from_many_threads_all_arrive_and_each_threads_in_its_order()
    {
        const int Threads = 4;
        const int Each = 5000;
        await using PeerPair pair = await PeerPair.ConnectAsync();

        Thread[] senders = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
                Assert.True(pair.Link.TrySend(Lane.Control, Frame.Of([(byte)thread, .. BitConverter.GetBytes(i)])));
        }))];
        foreach (Thread sender in senders)
            sender.Start();
        foreach (Thread sender in senders)
            sender.Join();

        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Control).Count() == Threads * Each, "all frames arrived");
        foreach (IGrouping<byte, byte[]> thread in pair.Receiver.Frames(Lane.Control).GroupBy(frame => frame[0]))
            Assert.Equal(Enumerable.Range(0, Each), thread.Select(frame => BitConverter.ToInt32(frame, 1)));
    }

    [Fact]
    public async Task A_frame_larger_than_allowed_is_refused_and_the_lane_stays_up()
    {
        await using PeerPair pair = await PeerPair.ConnectAsync(options => options.MaxMessageSize = 100_000);

        Assert.False(pair.Link.TrySend(Lane.Bulk, Frame.Of(new byte[100_001])));
        Assert.True(pair.Link.TrySend(Lane.Bulk, Frame.Of(new byte[100_000])));

        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Bulk).Any(), "the permitted frame arrived");
        Assert.Equal(100_000, pair.Receiver.Frames(Lane.Bulk).Single().Length);
        Assert.Empty(pair.Dialler.Disconnects);
    }

    [Fact]
    public async Task Frames_that_wait_together_never_make_a_message_larger_than_the_peer_takes()
    {
        const int Frames = 200;
        await using PeerPair pair = await PeerPair.ConnectAsync(options => options.MaxMessageSize = 64 * 1024);

        for (int i = 0; i < Frames; i++)
            Assert.True(pair.Link.TrySend(Lane.Bulk, Frame.Of(Frame.Content(i, 20_000))));

        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Bulk).Count() == Frames, "all frames arrived");
        Assert.Empty(pair.Dialler.Disconnects);
    }

    [Fact]
    public async Task A_receiver_that_does_not_read_never_blocks_the_sender_and_costs_bounded_memory()
    {
        await using PeerPair pair = await PeerPair.ConnectAsync(options =>
        {
            options.MaxMessageSize = 1024 * 1024;
            options.LaneQueueBytesMax = 4 * 1024 * 1024;
        });
        using var release = new ManualResetEventSlim();
        pair.Receiver.OnFrame = frame =>
        {
            if (frame.Length > 1000)
                release.Wait(Wait.Limit);
        };

        int accepted = 0;
        byte[] big = new byte[256 * 1024];
        while (pair.Link.TrySend(Lane.Bulk, Frame.Of(big)))
            Assert.True(++accepted < 1000, "the queue of a lane that nobody reads must fill up");

        // The other lane of the same connection is not held up by it.
        Assert.True(pair.Link.TrySend(Lane.Control, Frame.Of([1, 2, 3])));
        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Control).Any(), "the control lane is alive");

        release.Set();
        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Bulk).Count() == accepted, "what was accepted arrived");
        Assert.True(pair.Link.TrySend(Lane.Bulk, Frame.Of(big)));
    }

    [Fact]
    public async Task A_frame_that_the_node_calls_malformed_closes_its_stream_with_a_sentence_and_the_lane_comes_back()
    {
        await using PeerPair pair = await PeerPair.ConnectAsync();
        pair.Receiver.OnFrame = frame =>
        {
            if (frame.FirstSpan[0] == 66)
                throw new WireFormatException("The checksum of the frame is wrong.");
        };

        pair.Link.TrySend(Lane.Bulk, Frame.Of([66]));
        await Wait.UntilAsync(() => pair.Dialler.Disconnects.Contains(Lane.Bulk), "the stream was closed");
        await Wait.UntilAsync(() => pair.Dialler.IsUp(Lane.Bulk), "the lane is up again");

        Assert.True(pair.Link.TrySend(Lane.Bulk, Frame.Of([1])));
        await Wait.UntilAsync(() => pair.Receiver.Frames(Lane.Bulk).Any(), "frames flow again");
        Assert.True(pair.Receiver.Streams.First(stream => stream.Lane == Lane.Bulk).IsClosed);
        Assert.DoesNotContain(Lane.Control, pair.Dialler.Disconnects);
        Assert.Contains(pair.Host.Log.Lines, line => line.Text.Contains("The checksum of the frame is wrong.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frames_may_be_sent_from_within_the_welcome()
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync();
        host.Transport.Start(receiver);
        IPeerLink? link = null;
        var dialler = new RecordingDialler();
        using var linked = new ManualResetEventSlim();
        bool sent = false;
        dialler.Welcomed = lane =>
        {
            linked.Wait(Wait.Limit);
            if (lane == Lane.Control)
                sent = link!.TrySend(lane, Frame.Of([7]));
        };
        using (link = host.Transport.Connect(host.Address, dialler))
        {
            linked.Set();
            await Wait.UntilAsync(() => receiver.Frames(Lane.Control).Any(), "the frame arrived");
            Assert.True(sent);
        }
    }
}
