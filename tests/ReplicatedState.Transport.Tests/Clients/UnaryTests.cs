using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ReplicatedState.Protocol.Client.V1;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Transport.Tests.Hosts;

namespace ReplicatedState.Transport.Tests.Clients;

/// <summary>The calls for simple clients and tools.</summary>
public sealed class UnaryTests
{
    [Theory]
    [InlineData("Apply", RequestKind.Command)]
    [InlineData("Read", RequestKind.Query)]
    [InlineData("OpenSession", RequestKind.OpenSession)]
    [InlineData("CloseSession", RequestKind.CloseSession)]
    public async Task Each_method_asks_what_its_name_says(string method, RequestKind kind)
    {
        ScriptedNode node = ScriptedNode.Echo();
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");

        ClientReply reply = await CallAsync(channel, method, new ClientRequest { Machine = "bank", Session = 3, Payload = ByteString.CopyFromUtf8("x") });

        Assert.Equal(("x", 7UL), (reply.Body.ToStringUtf8(), reply.Index));
        ScriptedNode.Asked asked = node.Requests.Single();
        Assert.Equal((kind, "bank", 3UL, "anonymous"), (asked.Kind, asked.Machine, asked.Session, asked.Caller));
    }

    [Theory]
    [InlineData(ReplyStatus.NotLeader, StatusCode.Unavailable, "CONSENSUS_NOT_LEADER")]
    [InlineData(ReplyStatus.NoLeader, StatusCode.Unavailable, "CONSENSUS_NO_LEADER")]
    [InlineData(ReplyStatus.Overloaded, StatusCode.ResourceExhausted, "CONSENSUS_OVERLOADED")]
    [InlineData(ReplyStatus.OutcomeUnknown, StatusCode.Unknown, "CONSENSUS_OUTCOME_UNKNOWN")]
    [InlineData(ReplyStatus.Rejected, StatusCode.Aborted, "CONSENSUS_COMMAND_REJECTED")]
    [InlineData(ReplyStatus.UnknownCommand, StatusCode.Unimplemented, "CONSENSUS_UNKNOWN_COMMAND")]
    [InlineData(ReplyStatus.UnknownMachine, StatusCode.NotFound, "CONSENSUS_UNKNOWN_MACHINE")]
    [InlineData(ReplyStatus.SessionExpired, StatusCode.FailedPrecondition, "CONSENSUS_SESSION_EXPIRED")]
    [InlineData(ReplyStatus.ResultTooLarge, StatusCode.OutOfRange, "CONSENSUS_RESULT_TOO_LARGE")]
    [InlineData(ReplyStatus.PageUnavailable, StatusCode.NotFound, "CONSENSUS_RESULT_INTERRUPTED")]
    public async Task A_refusal_is_a_status_with_the_stable_code_in_a_trailer(ReplyStatus refusal, StatusCode status, string code)
    {
        await using NodeHost host = await NodeHost.StartAsync(new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(new NodeReply { Status = refusal, Code = "zu_wenig_€", Message = "So it is.", LeaderName = "n2", LeaderAddress = "n2:7000" });
        }));
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");

        var error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, "Apply", new ClientRequest()));

        Assert.Equal((status, "So it is."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(code, error.Trailers.GetValue("consensus-error"));
        Assert.Equal(("n2", "n2:7000"), (error.Trailers.GetValue("consensus-leader-name"), error.Trailers.GetValue("consensus-leader-address")));
        Assert.Equal("zu_wenig_€"u8.ToArray(), error.Trailers.GetValueBytes("consensus-rejection-bin"));
    }

    [Fact]
    public async Task A_result_in_pages_can_be_read_call_by_call()
    {
        var node = new ScriptedNode((_, request) =>
        {
            request.Payload.Release();
            request.Complete(new NodeReply { Body = [0x91, (byte)request.Page], Index = 7, Cursor = request.Page < 2 ? ulong.MaxValue : 0 });
        });
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");

        ClientReply reply = await CallAsync(channel, "Read", new ClientRequest { Payload = ByteString.CopyFromUtf8("q"), InPages = true });
        for (uint page = 1; reply.Cursor != 0; page++)
            reply = await CallAsync(channel, "Read", new ClientRequest { Cursor = reply.Cursor, Page = page });

        Assert.Equal([0x91, 2], reply.Body.ToByteArray());
        Assert.Equal(
            [(RequestKind.Query, true, 0UL, 0u), (RequestKind.Page, false, ulong.MaxValue, 1u), (RequestKind.Page, false, ulong.MaxValue, 2u)],
            node.Requests.Select(asked => (asked.Kind, asked.InPages, asked.Cursor, asked.Page)));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_let_go_before_the_node_answers()
    {
        var node = new ScriptedNode((node, request) => node.Kept.Enqueue(request));
        await using NodeHost host = await NodeHost.StartAsync(node);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{host.Address}");

        using var giveUp = new CancellationTokenSource();
        Task<ClientReply> call = CallAsync(channel, "Apply", new ClientRequest(), giveUp.Token);
        await Wait.UntilAsync(() => !node.Kept.IsEmpty, "the node was asked");
        await giveUp.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        foreach (NodeRequest request in node.Kept)
            ScriptedNode.Answer(request);
    }

    private static async Task<ClientReply> CallAsync(GrpcChannel channel, string method, ClientRequest request, CancellationToken cancellationToken = default) =>
        await channel.CreateCallInvoker().AsyncUnaryCall(
            WireCompatibilityTests.Method<ClientRequest, ClientReply>(MethodType.Unary, method), null,
            new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + Wait.Limit, cancellationToken: cancellationToken), request);
}
