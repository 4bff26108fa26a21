using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ReplicatedState.AspNetCore.Calls;
using ReplicatedState.Json;

namespace ReplicatedState.AspNetCore.Tests.Calls;

/// <summary>What callers are told where a node can't be made to fail on demand.</summary>
public sealed class CallProblemTests
{
    public static TheoryData<ConsensusException, int> Statuses => new()
    {
        { new InvalidCommandException("x"), 400 },
        { new UnknownCommandException("x"), 400 },
        { new InvalidConsistencyException("x"), 400 },
        { new UnknownMachineException("x"), 404 },
        { new CommandRejectedException("no", "x"), 409 },
        { new PayloadTooLargeException("x"), 413 },
        { new ResultTooLargeException("x"), 422 },
        { new OverloadedException("x"), 429 },
        { new CommandFailedException("System.Exception", "x"), 500 },
        { new CommandReplyUnavailableException("x"), 500 },
        { new InvalidReplyException("x"), 500 },
        { new NoLeaderException("x"), 503 },
        { new NotLeaderException("x"), 503 },
        { new ClusterUnreachableException("x"), 503 },
        { new NodeStoppedException("x"), 503 },
        { new MachineHaltedException("x"), 503 },
        { new StaleReadException("x"), 503 },
        { new ResultInterruptedException("x", 0), 503 },
        { new SessionExpiredException("x"), 503 },
        { new SequenceRefusedException("x"), 503 },
        { new CommandOutcomeUnknownException("x"), 504 },
        { new DeadlineExceededException("x"), 504 },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Every_error_of_a_call_has_a_status_and_says_whether_the_command_may_have_been_executed_and_may_be_sent_again(ConsensusException error, int status)
    {
        (DefaultHttpContext context, JsonElement problem) = await TellAsync(error);

        Assert.Equal((status, "application/problem+json"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal((error.Code, "x"), (problem.GetProperty("code").GetString(), problem.GetProperty("error").GetString()));
        Assert.Equal((error.IsAmbiguous, error.IsRetryable), (problem.GetProperty("ambiguous").GetBoolean(), problem.GetProperty("retryable").GetBoolean()));
        Assert.Equal(error.IsRetryable, context.Response.Headers.RetryAfter == "1");
        Assert.False(problem.TryGetProperty("leader_id", out _));
    }

    [Fact]
    public void The_page_has_a_row_for_every_error_with_its_status()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "ReplicatedState.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new FileNotFoundException("The tests don't run inside the repository.");
        string[] rows = [.. File.ReadLines(Path.Combine(directory, "docs", "http.md")).Where(static line => line.StartsWith("| ", StringComparison.Ordinal))];

        foreach (object[] row in Statuses)
            Assert.Single(rows, line => line.StartsWith($"| {row[1]} | ", StringComparison.Ordinal) && line.Contains($"`{((ConsensusException)row[0]).Code}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_leader_is_named_by_the_error_or_else_as_this_node_knows_it()
    {
        (_, JsonElement known) = await TellAsync(new NoLeaderException("x"), ("n1", "host:1"));
        (_, JsonElement told) = await TellAsync(new CommandOutcomeUnknownException("x", new NotLeaderException("y", "n2", "host:2")), ("n1", "host:1"));

        Assert.Equal(("n1", "host:1"), (known.GetProperty("leader_id").GetString(), known.GetProperty("leader_address").GetString()));
        Assert.Equal(("n2", "host:2"), (told.GetProperty("leader_id").GetString(), told.GetProperty("leader_address").GetString()));
    }

    [Fact]
    public async Task A_result_that_is_interrupted_breaks_the_connection_so_that_a_part_never_passes_for_the_whole()
    {
        var context = new DefaultHttpContext();
        var lifetime = new Lifetime();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        JsonCall names = StateMachineDefinition.Of<Shop>().Json.Query("Names");
        IStateMachineChannel channel = new ShopChannel();

        await PagedAnswer.WriteAsync(context, channel, names, Interrupted());

        Assert.True(lifetime.IsAborted);
        await Assert.ThrowsAsync<NoLeaderException>(() => PagedAnswer.WriteAsync(new DefaultHttpContext(), channel, names, Refused()));
    }

    private static async Task<(DefaultHttpContext Context, JsonElement Problem)> TellAsync(ConsensusException error, (string? Name, string? Address) leader = default)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await CallProblem.WriteAsync(context, error, leader);
        return (context, JsonDocument.Parse(body.ToArray()).RootElement);
    }

    private static async IAsyncEnumerable<ReplyBuffer> Interrupted()
    {
        await Task.Yield();
        yield return ReplyBuffer.Copy([0x91, 0xA1, (byte)'a']);
        throw new ResultInterruptedException("x", 1);
    }

    private static async IAsyncEnumerable<ReplyBuffer> Refused()
    {
        await Task.Yield();
        throw new NoLeaderException("x");
#pragma warning disable CS0162 // what makes it an iterator
        yield break;
#pragma warning restore CS0162
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }

    /// <summary>A channel that nothing is sent over.</summary>
    private sealed class ShopChannel : IStateMachineChannel
    {
        public SessionToken SessionToken => default;

        public RequestBuffer RentRequest() => RequestBuffer.Rent();

        public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IStateMachineChannel WithSession(SessionToken token = default) => this;

        public IStateMachineChannel WithIdempotencyKey(string key) => this;
    }
}
