using ReplicatedState.Runtime.Scheduling;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>The example of docs/histories.md, as a test that runs; the page must show these lines.</summary>
public sealed class DocumentedExample
{
    private readonly Counter _counter = new();

    [Fact]
    public async Task The_example_of_the_page_runs_and_finds_nothing() => await CheckCounterAsync();

    [Fact]
    public async Task It_would_find_an_update_that_was_lost()
    {
        _counter.LosesUpdates = true;
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(CheckCounterAsync);
        Assert.Contains("fits nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_what_runs_here()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ReplicatedState.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("The repository of these tests isn't here.");
        string page = File.ReadAllText(Path.Combine(folder, "docs", "histories.md"));
        string[] source = File.ReadAllLines(Path.Combine(folder, "tests", "ReplicatedState.Histories", "Tests", "DocumentedExample.cs"));
        int regions = 0;
        for (int at = 0; at < source.Length; at++)
        {
            if (!source[at].TrimStart().StartsWith("// begin page", StringComparison.Ordinal))
                continue;
            regions++;
            int end = Array.FindIndex(source, at, l => l.TrimStart().StartsWith("// end page", StringComparison.Ordinal));
            string[] lines = source[(at + 1)..end];
            int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
            string shown = string.Join('\n', lines.Select(l => l.Length == 0 ? l : l[indent..]));
            Assert.True(page.Contains(shown, StringComparison.Ordinal), $"docs/histories.md doesn't show:\n{shown}");
        }

        Assert.Equal(2, regions);
    }

    // begin page
    /// <summary>A counter, called by one client at a time: adding answers the new value, and adding 0 reads it.</summary>
    private sealed class CounterModel : ISequentialModel<long, long, long>
    {
        public long Initial => 0;

        public long Apply(long state, long input, out long next) => next = state + input;
    }

    // end page
    private async Task CheckCounterAsync()
    {
        ICounterClient client = _counter;

        // begin page
        var recorder = new HistoryRecorder<long, long>(new SystemClock());
        await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
        {
            for (int i = 0; i < 200; i++)
            {
                RecordedCall<long, long> call = recorder.Begin(number, input: i % 2);
                try
                {
                    call.Succeed(await client.AddAsync(i % 2));
                }
                catch (ConsensusException e) when (e.IsRetryable)
                {
                    call.Fail(); // certainly not executed
                }
                catch (ConsensusException)
                {
                    call.LoseTrack(); // perhaps executed
                }
            }
        }));

        HistoryCheck<long, long> check = LinearizabilityChecker.Check(new CounterModel(), recorder.History());
        Assert.True(check.Verdict == HistoryVerdict.Linearizable, check.Violation?.Explanation + check.Violation?.Picture + check.Doubt);

        // end page
        Assert.Equal(800, check.Operations);
    }

    /// <summary>What the generated client of a machine looks like.</summary>
    private interface ICounterClient
    {
        Task<long> AddAsync(long amount);
    }

    /// <summary>A service that is now and then overloaded, or loses a connection.</summary>
    private sealed class Counter : ICounterClient
    {
        private readonly Lock _lock = new();
        private long _value;
        private int _calls;

        public bool LosesUpdates { get; set; }

        public async Task<long> AddAsync(long amount)
        {
            await Task.Yield();
            lock (_lock)
            {
                int call = ++_calls;
                if (call % 20 == 0)
                    throw new OverloadedException("too much at once");
                if (call % 40 != 1)
                    _value += amount;
                if (call % 40 < 2 || call % 40 == 21)
                    throw new CommandOutcomeUnknownException("the connection broke");
                if (LosesUpdates && call == 555)
                    _value -= 100;
                return _value;
            }
        }
    }
}
