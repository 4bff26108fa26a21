using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Protocol.Peer.V1;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Transport.Grpc.Peers;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Peers;

/// <summary>transport.enable_compression, seen from both ends and by its bytes.</summary>
public sealed class CompressionTests
{
    private static readonly Method<byte[], byte[]> Bulk = new(
        MethodType.DuplexStreaming, "replicatedstate.peer.v1.Peer", "Bulk", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));

    [Theory]
    [InlineData(Lane.Control)]
    [InlineData(Lane.Bulk)]
    [InlineData(Lane.Snapshot)]
    public async Task Frames_of_all_sizes_arrive_in_order_and_intact_on_every_lane(Lane lane)
    {
        await using PeerPair pair = await PeerPair.ConnectAsync(options => options.EnableCompression = true);

        int[] sizes = [0, 1, 900, 1023, 1024, 5000, 70_000, 256 * 1024, 1_000_000, 4 * 1024 * 1024, 3];
        for (int i = 0; i < sizes.Length; i++)
            Assert.True(pair.Link.TrySend(lane, Frame.Of(Frame.Content(i, sizes[i]))));

        await Wait.UntilAsync(() => pair.Receiver.Frames(lane).Count() == sizes.Length, "all frames arrived");
        Assert.Equal(sizes.Select((size, i) => Frame.Content(i, size)), pair.Receiver.Frames(lane));
        Assert.Empty(pair.Dialler.Disconnects);
    }

    [Fact]
    public void Only_what_is_large_and_gets_smaller_is_deflated()
    {
        using var deflater = new FrameDeflater(level: 6);
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);

        Assert.True(deflater.Deflate(Message(new byte[500], new byte[500])).IsEmpty);
        Assert.True(deflater.Deflate(Message(noise)).IsEmpty);
        Assert.InRange(deflater.Deflate(Message(new byte[600], new byte[600])).Length, 1, 100);
    }

    [Fact]
    public void The_level_is_zlibs()
    {
        byte[] text = Frame.Content(1, 200_000);
        using var none = new FrameDeflater(0);
        using var fastest = new FrameDeflater(1);
        using var smallest = new FrameDeflater(9);

        Assert.True(none.Deflate(Message(text)).IsEmpty);
        Assert.True(fastest.Deflate(Message(text)).Length > smallest.Deflate(Message(text)).Length);
    }

    [Fact]
    public async Task The_official_protobuf_and_deflate_encodings_are_understood()
    {
        byte[] frames = new Frames { Data = { ByteString.CopyFromUtf8("one"), ByteString.CopyFrom(new byte[2000]) } }.ToByteArray();

        (RecordingReceiver receiver, StatusCode status, _) = await SendAsync(new Frames { InflatedSize = (uint)frames.Length, Deflated = ByteString.CopyFrom(Deflated(frames)) });

        Assert.Equal(StatusCode.OK, status);
        Assert.Equal([[.. "one"u8], new byte[2000]], receiver.Streams.Single().Frames);
    }

    [Fact]
    public async Task More_than_was_announced_less_than_was_announced_and_more_than_is_allowed_are_refused()
    {
        byte[] bomb = new byte[50_000_000];
        byte[] frames = new Frames { Data = { ByteString.CopyFrom(new byte[2000]) } }.ToByteArray();

        Assert.Contains("has more", await RefusalOf(new Frames { InflatedSize = 100, Deflated = ByteString.CopyFrom(Deflated(bomb)) }), StringComparison.Ordinal);
        Assert.Contains("at most 4194310", await RefusalOf(new Frames { InflatedSize = (uint)bomb.Length, Deflated = ByteString.CopyFrom(Deflated(bomb)) }), StringComparison.Ordinal);
        Assert.Contains($"has {frames.Length}", await RefusalOf(new Frames { InflatedSize = 3000, Deflated = ByteString.CopyFrom(Deflated(frames)) }), StringComparison.Ordinal);
        Assert.Contains("has more", await RefusalOf(new Frames { Deflated = ByteString.CopyFrom(Deflated(frames)) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_deflated_or_deflated_twice_or_comes_as_a_greeting_is_refused()
    {
        byte[] inner = new Frames { InflatedSize = 5, Deflated = ByteString.CopyFrom(Deflated(new Frames { Data = { ByteString.CopyFromUtf8("abc") } }.ToByteArray())) }.ToByteArray();

        Assert.Contains("can't be inflated", await RefusalOf(new Frames { InflatedSize = 9, Deflated = ByteString.CopyFrom(255, 255, 255, 255) }), StringComparison.Ordinal);
        Assert.Contains("twice", await RefusalOf(new Frames { InflatedSize = (uint)inner.Length, Deflated = ByteString.CopyFrom(Deflated(inner)) }), StringComparison.Ordinal);
        (_, StatusCode status, string detail) = await SendAsync(new Frames { InflatedSize = (uint)inner.Length, Deflated = ByteString.CopyFrom(Deflated(inner)) }, greets: false);
        Assert.Equal((StatusCode.InvalidArgument, "A greeting is not deflated."), (status, detail));
    }

    private static async Task<string> RefusalOf(Frames message)
    {
        (_, StatusCode status, string detail) = await SendAsync(message);
        Assert.Equal(StatusCode.InvalidArgument, status);
        return detail;
    }

    private static async Task<(RecordingReceiver Receiver, StatusCode Status, string Detail)> SendAsync(Frames message, bool greets = true)
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync();
        host.Transport.Start(receiver);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<byte[], byte[]> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Bulk, null, default);
        try
        {
            if (greets)
            {
                await call.RequestStream.WriteAsync(new Frames { Data = { ByteString.CopyFromUtf8("hello") } }.ToByteArray());
                Assert.True(await call.ResponseStream.MoveNext(default));
            }

            await call.RequestStream.WriteAsync(message.ToByteArray());
            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(default))
            {
            }
        }
        catch (RpcException e)
        {
            return (receiver, e.StatusCode, e.Status.Detail);
        }

        return (receiver, StatusCode.OK, "");
    }

    private static FramesMessage Message(params byte[][] frames)
    {
        var message = new FramesMessage();
        foreach (byte[] frame in frames)
            message.Add(Frame.Of(frame));
        return message;
    }

    private static byte[] Deflated(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        return output.ToArray();
    }
}
