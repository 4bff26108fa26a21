using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Protocol.Client.V1;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Transport.Tests.Hosts;
using Status = ReplicatedState.Protocol.Client.V1.Status;

namespace ReplicatedState.Transport.Tests.Clients;

/// <summary>Clients in other languages are made from <c>client.proto</c>: here the official encoder and decoder stand for them.</summary>
public sealed class WireCompatibilityTests
{
    [Fact]
    public async Task A_stream_of_official_messages_is_understood_and_answered()
    {
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<RequestBatch, ReplyBatch> call =
            channel.CreateCallInvoker().AsyncDuplexStreamingCall(Method<RequestBatch, ReplyBatch>(MethodType.DuplexStreaming, "Call"), null, default);

        await call.RequestStream.WriteAsync(new RequestBatch
        {
            Requests =
            {
                new ClientRequest
                {
                    Id = 5, Kind = Kind.Command, Machine = "bank", Session = 9, Sequence = 300, AcknowledgedUpTo = 299,
                    IdempotencyKey = ByteString.CopyFromUtf8("key"), Payload = ByteString.CopyFrom(new byte[200]), TimeoutMs = 60_000,
                },
                new ClientRequest { Id = 6, Kind = Kind.Query, Consistency = Consistency.Local, Payload = ByteString.CopyFromUtf8("q") },
            },
        });
        await call.RequestStream.CompleteAsync();
        var replies = new List<ClientReply>();
        while (await call.ResponseStream.MoveNext(default))
            replies.AddRange(call.ResponseStream.Current.Replies);

        Assert.Equal([5UL, 6UL], replies.Select(reply => reply.Id));
        Assert.All(replies, reply => Assert.Equal((Status.Ok, 7UL), (reply.Status, reply.Index)));
        Assert.Equal(200, replies[0].Body.Length);
        ScriptedNode.Asked command = node.Requests.First();
        Assert.Equal((RequestKind.Command, "bank", 9UL, 300UL, 299UL), (command.Kind, command.Machine, command.Session, command.Sequence, command.AcknowledgedUpTo));
        Assert.Equal("key"u8.ToArray(), command.IdempotencyKey);
        Assert.NotEqual(long.MaxValue, command.DeadlineMs);
        Assert.Equal((RequestKind.Query, null, ReadConsistency.Local), (node.Requests.Last().Kind, node.Requests.Last().Machine, node.Requests.Last().Consistency));
    }

    [Fact]
    public async Task Pages_are_asked_for_and_answered_as_the_protocols_own_encoding_says()
    {
        var node = new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(new NodeReply { Index = 7, Cursor = request.Kind == RequestKind.Query ? ulong.MaxValue - 1 : 0 });
        });
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<RequestBatch, ReplyBatch> call =
            channel.CreateCallInvoker().AsyncDuplexStreamingCall(Method<RequestBatch, ReplyBatch>(MethodType.DuplexStreaming, "Call"), null, default);
        await call.RequestStream.WriteAsync(new RequestBatch
        {
            Requests =
            {
                new ClientRequest { Id = 1, Kind = Kind.Query, InPages = true },
                new ClientRequest { Id = 2, Kind = Kind.Page, Cursor = ulong.MaxValue - 1, Page = uint.MaxValue },
            },
        });
        await call.RequestStream.CompleteAsync();
        var replies = new List<ClientReply>();
        while (await call.ResponseStream.MoveNext(default))
            replies.AddRange(call.ResponseStream.Current.Replies);

        Assert.Equal([(1UL, ulong.MaxValue - 1), (2UL, 0UL)], replies.Select(reply => (reply.Id, reply.Cursor)));
        Assert.Equal(
            [(RequestKind.Query, true, 0UL, 0u), (RequestKind.Page, false, ulong.MaxValue - 1, uint.MaxValue)],
            node.Requests.Select(asked => (asked.Kind, asked.InPages, asked.Cursor, asked.Page)));
    }

    [Fact]
    public async Task A_consistency_that_makes_no_sense_is_refused_in_words_and_the_stream_goes_on()
    {
        await using NodeHost host = await NodeHost.StartAsync(ScriptedNode.Echo());
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<RequestBatch, ReplyBatch> call =
            channel.CreateCallInvoker().AsyncDuplexStreamingCall(Method<RequestBatch, ReplyBatch>(MethodType.DuplexStreaming, "Call"), null, default);

        await call.RequestStream.WriteAsync(new RequestBatch
        {
            Requests =
            {
                new ClientRequest { Id = 1, Kind = Kind.Query, Consistency = (Consistency)9 },
                new ClientRequest { Id = 2, Kind = Kind.Query, Consistency = Consistency.BoundedStaleness },
                new ClientRequest { Id = 3, Kind = Kind.Query, Consistency = Consistency.Local, SessionIndex = 4 },
                new ClientRequest { Id = 4, Kind = (Kind)9 },
                new ClientRequest { Id = 5, Kind = Kind.Query, Consistency = Consistency.BoundedStaleness, MaxStalenessMs = 1 },
            },
        });
        await call.RequestStream.CompleteAsync();
        var replies = new List<ClientReply>();
        while (await call.ResponseStream.MoveNext(default))
            replies.AddRange(call.ResponseStream.Current.Replies);

        Assert.Equal(
            [Status.InvalidConsistency, Status.InvalidConsistency, Status.InvalidConsistency, Status.InvalidCommand, Status.Ok],
            replies.OrderBy(reply => reply.Id).Select(reply => reply.Status));
        Assert.StartsWith("No consistency has the number 9", replies.Single(reply => reply.Id == 1).Message, StringComparison.Ordinal);

        var unary = await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(Method<ClientRequest, ClientReply>(MethodType.Unary, "Read"), null, default, new ClientRequest { Consistency = (Consistency)9 }).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, "CONSENSUS_INVALID_CONSISTENCY"), (unary.StatusCode, unary.Trailers.GetValue("consensus-error")));
    }

    [Fact]
    public void Statuses_and_kinds_have_the_same_numbers_on_the_wire_and_in_code()
    {
        Assert.Equal(Enum.GetValues<ReplyStatus>().Select(value => (int)value), Enum.GetValues<Status>().Select(value => (int)value));
        Assert.Equal(Enum.GetNames<ReplyStatus>(), Enum.GetNames<Status>());
        Assert.Equal(Enum.GetValues<RequestKind>().Select(value => (int)value), Enum.GetValues<Kind>().Select(value => (int)value).Skip(1));
        Assert.Equal(Enum.GetValues<ConsistencyLevel>().Select(value => (int)value), Enum.GetValues<Consistency>().Select(value => (int)value));
    }

    internal static Method<TRequest, TReply> Method<TRequest, TReply>(MethodType type, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new() =>
        new(type, "replicatedstate.client.v1.StateMachines", name,
            Marshallers.Create(message => message.ToByteArray(), new MessageParser<TRequest>(() => new TRequest()).ParseFrom),
            Marshallers.Create(message => message.ToByteArray(), new MessageParser<TReply>(() => new TReply()).ParseFrom));
}
