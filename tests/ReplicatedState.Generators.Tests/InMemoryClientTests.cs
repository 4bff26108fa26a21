using System.Globalization;
using ReplicatedState.Generators.Tests.Driver;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class InMemoryClientTests
{
    private readonly InMemoryNotesClient _client = new();

    [Fact]
    public async Task Code_that_calls_a_machine_is_tested_with_the_machine_itself()
    {
        Assert.Equal(2, await _client.AddAsync("a", "b"));
        Assert.Equal(3, await _client.AddAsync(["c"], CancellationToken.None));
        Assert.Equal(["c", "a"], await _client.SomeAsync(2, 0));
        Assert.Equal(["b"], await _client.SomeAsync([1], ReadConsistency.Local));
        Assert.Equal(["a"], _client.Machine.Some(0));
    }

    [Fact]
    public async Task Timers_fire_when_the_test_lets_time_pass_each_at_its_own_time()
    {
        DateTimeOffset began = _client.Now;
        await _client.RemindAsync(TimeSpan.FromMinutes(2), "second");
        TimerId cancelled = await _client.RemindAsync(TimeSpan.FromMinutes(1), "never");
        await _client.RemindAsync(TimeSpan.FromMinutes(1), "first");
        Assert.True(await _client.ForgetAsync(cancelled));
        _client.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, await _client.AddAsync("before"));
        _client.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["before", "first", "second"], await _client.SomeAsync(0, 1, 2));
        Assert.Equal(began + TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(59), _client.Now);
        Assert.Equal(_client.Now, (await _client.StampAsync()).Now);
        Assert.False(await _client.ForgetAsync(cancelled));
    }

    [Fact]
    public async Task What_a_timers_command_throws_is_kept_for_the_test_to_see()
    {
        await _client.FailLaterAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(_client.TimerErrors);
        _client.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("System.InvalidOperationException", Assert.IsType<CommandFailedException>(Assert.Single(_client.TimerErrors)).ExceptionType);
        Assert.Throws<ArgumentOutOfRangeException>(() => _client.Advance(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Calls_end_in_the_errors_that_a_cluster_answers_with()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = foreign;
        try
        {
            CommandFailedException failure = await Assert.ThrowsAsync<CommandFailedException>(async () => await _client.FailAsync("it"));
            Assert.Equal(("System.InvalidOperationException", "it -1.5"), (failure.ExceptionType, failure.Message));
            Assert.Same(foreign, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal("why", (await Assert.ThrowsAsync<CommandRejectedException>(async () => await _client.RefuseAsync("why"))).RejectionCode);
        await Assert.ThrowsAsync<CommandFailedException>(async () => await _client.SomeAsync(7));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _client.AddAsync(["x"], new CancellationToken(canceled: true)));
        Assert.Equal(1, await _client.AddAsync("only"));
    }

    [Fact]
    public async Task A_command_under_an_idempotency_key_is_executed_once()
    {
        INotesClient keyed = _client.WithIdempotencyKey("k");
        Assert.Equal(1, await keyed.AddAsync("a"));
        Assert.Equal(1, await keyed.AddAsync("b"));
        Assert.Equal(2, await _client.AddAsync("c"));
        Assert.Throws<ArgumentException>(() => _client.WithIdempotencyKey(""));
        INotesClient refused = _client.WithIdempotencyKey("r");
        for (int i = 0; i < 2; i++)
            Assert.Equal("first", (await Assert.ThrowsAsync<CommandRejectedException>(async () => await refused.RefuseAsync(i == 0 ? "first" : "second"))).RejectionCode);
    }

    [Fact]
    public async Task Events_are_watched_in_their_order_from_where_the_watcher_wants_and_once_each()
    {
        await _client.AddAsync("a", "b");
        using var end = new CancellationTokenSource();
        await using IAsyncEnumerator<MachineEvent<NoteAdded>> added = _client.WatchNoteAddedAsync(EventPosition.First, end.Token).GetAsyncEnumerator();
        await using IAsyncEnumerator<MachineEvent<int>> counts = _client.WatchCountAsync(cancellationToken: end.Token).GetAsyncEnumerator();
        ValueTask<bool> count = counts.MoveNextAsync();
        Assert.Equal(["a", "b"], [(await Next(added)).Value.Line, (await Next(added)).Value.Line]);
        EventPosition second = added.Current.Position;
        Assert.Equal((1UL, 1), (second.Index, second.Ordinal));
        Assert.Equal(_client.Now, added.Current.Time);
        ValueTask<bool> third = added.MoveNextAsync();
        Assert.False(third.IsCompleted);
        await _client.AddAsync("c");
        Assert.True(await third);
        Assert.Equal("c", added.Current.Value.Line);
        Assert.True(await count);
        Assert.Equal(3, counts.Current.Value);

        await using IAsyncEnumerator<MachineEvent<NoteAdded>> resumed = _client.WatchNoteAddedAsync(EventPosition.Parse(second.Next.ToString()), end.Token).GetAsyncEnumerator();
        Assert.Equal("c", (await Next(resumed)).Value.Line);
        ValueTask<bool> never = resumed.MoveNextAsync();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await never);
    }

    [Fact]
    public async Task Events_of_a_union_come_as_what_they_are_whatever_type_the_machine_names()
    {
        await _client.AddAsync("a");
        await _client.LoseAsync(0);
        await using IAsyncEnumerator<MachineEvent<INoteTrouble>> trouble = _client.WatchTroubleAsync(EventPosition.First).GetAsyncEnumerator();
        Assert.Equal(new NoteLost(0), (await Next(trouble)).Value);
        Assert.Equal(new NoteTorn("a", 0.5), (await Next(trouble)).Value);
    }

    [Fact]
    public async Task What_a_session_has_seen_is_where_a_watch_takes_over()
    {
        await _client.AddAsync("a");
        await _client.AddAsync("b");
        await using IAsyncEnumerator<MachineEvent<NoteAdded>> added = _client.WatchNoteAddedAsync(EventPosition.After(_client.SessionToken)).GetAsyncEnumerator();
        await _client.AddAsync("c");
        Assert.Equal("c", (await Next(added)).Value.Line);
    }

    [Fact]
    public async Task A_watch_that_is_too_far_behind_says_from_where_on_events_are_kept()
    {
        string[] lines = [.. Enumerable.Repeat("x", 4_000)];
        for (int i = 0; i < 17; i++)
            await _client.AddAsync(lines, CancellationToken.None);
        TooFarBehindException error = await Assert.ThrowsAsync<TooFarBehindException>(async () => await Next(_client.WatchCountAsync(EventPosition.First).GetAsyncEnumerator()));
        Assert.Equal(17UL - 16, error.Oldest.Index);
        Assert.Equal("x", (await Next(_client.WatchNoteAddedAsync(error.Oldest).GetAsyncEnumerator())).Value.Line);
    }

    private static async Task<MachineEvent<TEvent>> Next<TEvent>(IAsyncEnumerator<MachineEvent<TEvent>> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return watch.Current;
    }

    [Fact]
    public async Task Two_of_them_draw_the_same_numbers()
    {
        Assert.Equal(await _client.StampAsync(), await new InMemoryNotesClient().StampAsync());
        Assert.NotEqual(await _client.StampAsync(), await _client.StampAsync());
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(1);
        Assert.Equal(now, (await new InMemoryNotesClient(now).StampAsync()).Now);
    }

    [Fact]
    public void Clients_inherit_the_documentation_of_the_machines_methods()
    {
        const string Source = """
            using ReplicatedState;

            namespace Demo;

            [ReplicatedStateMachine("documented")]
            public sealed partial class Documented
            {
                [State] private long _total;

                /// <summary>Adds and says the total.</summary>
                /// <param name="amount">What is added.</param>
                [Command] public long Add(long amount) => _total += amount;

                [Command] public void Clear() => _total = 0;
            }
            """;
        GeneratorRun run = GeneratorRun.Of(Source);
        run.CompilesSilently();
        string client = run.Files.Single(file => file.Name.EndsWith("Documented.Client.g.cs", StringComparison.Ordinal)).Text;
        Assert.Contains("/// <inheritdoc cref=\"M:Demo.Documented.Add(System.Int64)\"/>\n    /// <remarks>Executes the command <c>Add</c> exactly once.</remarks>\n", client, StringComparison.Ordinal);
        Assert.Contains("/// <summary>Executes the command <c>Clear</c> exactly once.</summary>\n", client, StringComparison.Ordinal);
    }
}
