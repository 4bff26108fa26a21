using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Protocol.Peer.V1;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Peers;

/// <summary>The peer service against senders that are no nodes, and against the official protobuf encoder.</summary>
public sealed class HostileBytesTests
{
    private static readonly Method<byte[], byte[]> Control = new(
        MethodType.DuplexStreaming, "replicatedstate.peer.v1.Peer", "Control", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));

    [Fact]
    public async Task Bytes_at_random_end_their_stream_with_a_status_and_nothing_else()
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync();
        host.Transport.Start(receiver);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        var random = new Random(8);
        int refused = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] garbage = new byte[random.Next(1, 60)];
            random.NextBytes(garbage);
            using AsyncDuplexStreamingCall<byte[], byte[]> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Control, null, default);
            await call.RequestStream.WriteAsync(garbage);
            await call.RequestStream.CompleteAsync();
            try
            {
                while (await call.ResponseStream.MoveNext(default))
                {
                }
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.InvalidArgument, e.StatusCode);
                refused++;
            }
        }

        Assert.True(refused > 0);
        var dialler = new RecordingDialler();
        using (host.Transport.Connect(host.Address, dialler))
            await Wait.UntilAsync(() => dialler.AllUp, "real nodes are still welcome");
    }

    [Fact]
    public async Task A_message_larger_than_allowed_is_refused_by_its_announced_length()
    {
        await using NodeHost host = await NodeHost.StartAsync(configure: options => options.MaxMessageSize = 64 * 1024);
        host.Transport.Start(new RecordingReceiver());
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}", new GrpcChannelOptions { MaxSendMessageSize = null });
        using AsyncDuplexStreamingCall<byte[], byte[]> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Control, null, default);

        byte[] message = new Frames { Data = { ByteString.CopyFrom(new byte[65 * 1024]) } }.ToByteArray();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            // The announced length is enough, so the refusal may come while the rest is still being written.
            await call.RequestStream.WriteAsync(message);
            await call.ResponseStream.MoveNext(default);
        });
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task The_official_protobuf_encoding_is_understood_and_spoken()
    {
        var receiver = new RecordingReceiver();
        await using NodeHost host = await NodeHost.StartAsync();
        host.Transport.Start(receiver);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<byte[], byte[]> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Control, null, default);

        await call.RequestStream.WriteAsync(new Frames { Data = { ByteString.CopyFromUtf8("hello") } }.ToByteArray());
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal("welcome", Frames.Parser.ParseFrom(call.ResponseStream.Current).Data.Single().ToStringUtf8());

        var message = new Frames { Data = { ByteString.CopyFromUtf8("one"), ByteString.Empty, ByteString.CopyFrom(new byte[300]) } };
        await call.RequestStream.WriteAsync(message.ToByteArray());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default));
        Assert.Equal(message.Data.Select(frame => frame.ToByteArray()), receiver.Streams.Single().Frames);
    }
}
