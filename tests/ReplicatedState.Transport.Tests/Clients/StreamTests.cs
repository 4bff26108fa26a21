using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Client;
using ReplicatedState.Protocol.Client.V1;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Transport.Tests.Hosts;
using ClientRequest = ReplicatedState.Protocol.Client.V1.ClientRequest;
using Status = ReplicatedState.Protocol.Client.V1.Status;

namespace ReplicatedState.Transport.Tests.Clients;

/// <summary>The pipelined stream, from the client through a real server to the node and back.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task A_command_and_a_query_reach_the_node_and_their_answers_the_caller()
    {
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        await using ReplicatedStateClient client = ClientOf(host);
        IStateMachineChannel bank = client.Machine();

        using ReplyBuffer first = await bank.CommandAsync(Call.Of("transfer"), default);
        using ReplyBuffer second = await bank.QueryAsync(Call.Of("balance"), ReadConsistency.Local, default);

        Assert.Equal("transfer", Encoding.UTF8.GetString(first.Bytes.Span));
        Assert.Equal("balance", Encoding.UTF8.GetString(second.Bytes.Span));
        Assert.Equal([RequestKind.OpenSession, RequestKind.Command, RequestKind.Query], node.Requests.Select(asked => asked.Kind));
        Assert.All(node.Requests, asked => Assert.Equal("bank", asked.Machine));
        ScriptedNode.Asked command = node.Requests.ElementAt(1);
        Assert.Equal((7UL, 1UL, 0UL), (command.Session, command.Sequence, command.AcknowledgedUpTo));
        Assert.Equal(ReadConsistency.Local, node.Requests.ElementAt(2).Consistency);
    }

    [Fact]
    public async Task Every_consistency_arrives_as_it_was_asked_for()
    {
        ReadConsistency[] asked =
        [
            ReadConsistency.Linearizable, ReadConsistency.Lease, ReadConsistency.BoundedStaleness(TimeSpan.FromSeconds(5)), ReadConsistency.Session,
            ReadConsistency.AtLeast(new SessionToken(2, 1, ulong.MaxValue)), ReadConsistency.Local,
        ];
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        await using ReplicatedStateClient client = ClientOf(host);

        foreach (ReadConsistency consistency in asked)
            (await client.Machine().WithSession().QueryAsync(Call.Of("q"), consistency, default)).Dispose();

        Assert.Equal(asked, node.Requests.Select(query => query.Consistency));
    }

    [Fact]
    public async Task What_was_seen_comes_back_with_the_answer()
    {
        await using NodeHost host = await NodeHost.StartAsync(new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(new NodeReply { Index = 70_000, Group = 3, Epoch = 2 });
        }));
        await using ReplicatedStateClient client = ClientOf(host);

        (await client.Machine().QueryAsync(Call.Of("q"), default, default)).Dispose();

        Assert.Equal("3.2.70000", client.Machine().SessionToken.ToString());
    }

    [Fact]
    public async Task Thousands_of_calls_of_all_sizes_share_one_stream_and_each_gets_its_own_answer()
    {
        await using NodeHost host = await NodeHost.StartAsync(ScriptedNode.Echo());
        await using ReplicatedStateClient client = ClientOf(host);
        IStateMachineChannel bank = client.Machine();
        int[] sizes = [0, 10, 300, 5000, 70_000];

        await Task.WhenAll(Enumerable.Range(0, 3000).Select(async i =>
        {
            byte[] content = Frame.Content(i, sizes[i % sizes.Length]);
            using ReplyBuffer reply = i % 3 == 0
                ? await bank.QueryAsync(Call.Of(content), ReadConsistency.Linearizable, default)
                : await bank.CommandAsync(Call.Of(content), default);
            Assert.Equal(content, reply.Bytes.ToArray());
        }));
    }

    [Fact]
    public async Task Answers_come_back_in_whatever_order_the_node_gives_them()
    {
        var node = new ScriptedNode((node, request) =>
        {
            if (request.Kind == RequestKind.Command)
                node.Kept.Enqueue(request);
            else
                ScriptedNode.Answer(request, index: 1);
        });
        await using NodeHost host = await NodeHost.StartAsync(node);
        await using ReplicatedStateClient client = ClientOf(host);
        IStateMachineChannel bank = client.Machine();

        Task<ReplyBuffer>[] calls = [.. Enumerable.Range(0, 100).Select(i => bank.CommandAsync(Call.Of($"{i}"), default).AsTask())];
        await Wait.UntilAsync(() => node.Kept.Count == calls.Length, "all calls arrived");
        foreach (NodeRequest request in node.Kept.Reverse())
            ScriptedNode.Answer(request, body: request.Payload.Span.ToArray());

        for (int i = 0; i < calls.Length; i++)
        {
            using ReplyBuffer reply = await calls[i];
            Assert.Equal($"{i}", Encoding.UTF8.GetString(reply.Bytes.Span));
        }
    }

    [Fact]
    public async Task A_command_whose_connection_broke_is_sent_again_under_the_same_sequence_to_the_restarted_node()
    {
        var silent = new ScriptedNode((node, request) =>
        {
            if (request.Kind == RequestKind.OpenSession)
                ScriptedNode.Answer(request, index: 42);
            else
                node.Kept.Enqueue(request);
        });
        NodeHost host = await NodeHost.StartAsync(silent);
        int port = host.Port;
        await using ReplicatedStateClient client = ClientOf(host);
        Task<ReplyBuffer> call = client.Machine().CommandAsync(Call.Of("x"), default).AsTask();
        await Wait.UntilAsync(() => silent.Kept.Count == 1, "the command arrived");

        await host.DisposeAsync();
        ScriptedNode answering = ScriptedNode.Echo();
        await using NodeHost again = await NodeHost.StartAsync(answering, port: port);

        using ReplyBuffer reply = await call;
        Assert.Equal("x", Encoding.UTF8.GetString(reply.Bytes.Span));
        ScriptedNode.Asked retried = Assert.Single(answering.Requests);
        Assert.Equal((42UL, 1UL), (retried.Session, retried.Sequence));

        // The node of before answers late: nobody listens, and nothing breaks.
        ScriptedNode.Answer(silent.Kept.Single());
    }

    [Fact]
    public async Task A_leader_hint_leads_to_another_node()
    {
        await using NodeHost leader = await NodeHost.StartAsync(ScriptedNode.Echo());
        await using NodeHost follower = await NodeHost.StartAsync(new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(new NodeReply { Status = ReplyStatus.NotLeader, LeaderName = "n1", LeaderAddress = leader.Address });
        }));
        await using ReplicatedStateClient client = ClientOf(follower);

        using ReplyBuffer reply = await client.Machine().CommandAsync(Call.Of("x"), default);
        Assert.Equal("x", Encoding.UTF8.GetString(reply.Bytes.Span));
    }

    [Fact]
    public async Task A_rejection_comes_back_typed_with_its_code_and_message()
    {
        await using NodeHost host = await NodeHost.StartAsync(new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(request.Kind == RequestKind.OpenSession
                ? new NodeReply { Index = 1 }
                : new NodeReply { Status = ReplyStatus.Rejected, Code = "insufficient_funds", Message = "Nur 3 € übrig." });
        }));
        await using ReplicatedStateClient client = ClientOf(host);

        var error = await Assert.ThrowsAsync<CommandRejectedException>(async () => await client.Machine().CommandAsync(Call.Of("x"), default));
        Assert.Equal(("insufficient_funds", "Nur 3 € übrig."), (error.RejectionCode, error.Message));
    }

    [Fact]
    public async Task A_cancelled_call_is_let_go_at_once_and_its_late_answer_disturbs_nobody()
    {
        var node = new ScriptedNode((node, request) =>
        {
            if (request.Kind == RequestKind.Query && request.Payload.Length == 4)
                node.Kept.Enqueue(request);
            else
                ScriptedNode.Answer(request, body: request.Payload.Span.ToArray());
        });
        await using NodeHost host = await NodeHost.StartAsync(node);
        await using ReplicatedStateClient client = ClientOf(host);
        using var cancel = new CancellationTokenSource();

        Task<ReplyBuffer> call = client.Machine().QueryAsync(Call.Of("held"), ReadConsistency.Local, cancel.Token).AsTask();
        await Wait.UntilAsync(() => node.Kept.Count == 1, "the call arrived");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        ScriptedNode.Answer(node.Kept.Single(), body: "late"u8.ToArray());
        for (int i = 0; i < 100; i++)
        {
            using ReplyBuffer reply = await client.Machine().QueryAsync(Call.Of($"fresh {i}"), ReadConsistency.Local, default);
            Assert.Equal($"fresh {i}", Encoding.UTF8.GetString(reply.Bytes.Span));
        }
    }

    [Fact]
    public async Task A_result_that_the_connection_cannot_take_is_told_apart_by_what_was_asked()
    {
        await using NodeHost host = await NodeHost.StartAsync(
            new ScriptedNode((_, request) => ScriptedNode.Answer(request, body: request.Kind == RequestKind.OpenSession ? [] : new byte[200_000], index: 1)),
            options => options.MaxMessageSize = 100_000);
        await using ReplicatedStateClient client = ClientOf(host);

        await Assert.ThrowsAsync<CommandReplyUnavailableException>(async () => await client.Machine().CommandAsync(Call.Of("x"), default));
        await Assert.ThrowsAsync<PayloadTooLargeException>(async () => await client.Machine().QueryAsync(Call.Of("x"), ReadConsistency.Local, default));
    }

    [Fact]
    public async Task Calls_beyond_the_streams_limit_are_refused_as_overloaded_until_some_are_answered()
    {
        var node = new ScriptedNode((node, request) => node.Kept.Enqueue(request));
        await using NodeHost host = await NodeHost.StartAsync(node, options => options.CallsPerStreamMax = 10);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<RequestBatch, ReplyBatch> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            WireCompatibilityTests.Method<RequestBatch, ReplyBatch>(MethodType.DuplexStreaming, "Call"), null, default);

        await call.RequestStream.WriteAsync(Batch(11));
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(Status.Overloaded, call.ResponseStream.Current.Replies.Single().Status);
        Assert.Equal(10, node.Kept.Count);

        foreach (NodeRequest request in node.Kept)
            ScriptedNode.Answer(request);
        int answered = 0;
        while (answered < 10 && await call.ResponseStream.MoveNext(default))
            answered += call.ResponseStream.Current.Replies.Count(reply => reply.Status == Status.Ok);
        await call.RequestStream.WriteAsync(Batch(10));
        await Wait.UntilAsync(() => node.Kept.Count == 20, "as many calls are taken in again");
    }

    [Fact]
    public async Task Unknown_kinds_and_consistencies_are_refused_one_by_one()
    {
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        using AsyncDuplexStreamingCall<RequestBatch, ReplyBatch> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            WireCompatibilityTests.Method<RequestBatch, ReplyBatch>(MethodType.DuplexStreaming, "Call"), null, default);

        await call.RequestStream.WriteAsync(new RequestBatch
        {
            Requests =
            {
                new ClientRequest { Id = 1 },
                new ClientRequest { Id = 2, Kind = (Kind)77 },
                new ClientRequest { Id = 3, Kind = Kind.Query, Consistency = (Consistency)9 },
                new ClientRequest { Id = 4, Kind = Kind.Query },
            },
        });
        await call.RequestStream.CompleteAsync();
        var replies = new List<ClientReply>();
        while (await call.ResponseStream.MoveNext(default))
            replies.AddRange(call.ResponseStream.Current.Replies);

        Assert.Equal(
            [(1UL, Status.InvalidCommand), (2UL, Status.InvalidCommand), (3UL, Status.InvalidConsistency), (4UL, Status.Ok)],
            replies.Select(reply => (reply.Id, reply.Status)));
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Bytes_at_random_end_their_stream_with_a_status_and_other_clients_go_on()
    {
        await using NodeHost host = await NodeHost.StartAsync(ScriptedNode.Echo());
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");
        var raw = new Method<byte[], byte[]>(
            MethodType.DuplexStreaming, "replicatedstate.client.v1.StateMachines", "Call",
            Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));
        await using ReplicatedStateClient client = ClientOf(host);
        var random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 200; round++)
        {
            byte[] garbage = new byte[random.Next(1, 60)];
            random.NextBytes(garbage);
            using AsyncDuplexStreamingCall<byte[], byte[]> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(raw, null, default);
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
        using ReplyBuffer reply = await client.Machine().CommandAsync(Call.Of("still here"), default);
        Assert.Equal("still here", Encoding.UTF8.GetString(reply.Bytes.Span));
    }

    private static ReplicatedStateClient ClientOf(NodeHost host) => new(new ReplicatedStateClientOptions { Endpoints = { host.Address }, Machine = "bank" });

    private static RequestBatch Batch(int count)
    {
        var batch = new RequestBatch();
        for (int i = 0; i < count; i++)
            batch.Requests.Add(new ClientRequest { Id = (ulong)i + 1, Kind = Kind.Command });
        return batch;
    }
}
