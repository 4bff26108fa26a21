using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ReplicatedState.Client.Tests.Scripted;

/// <summary>A client of a scripted cluster, on a clock that stands still until it is moved.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public TestClient(ScriptedCluster cluster, Action<ReplicatedStateClientOptions>? configure = null, params string[] endpoints)
    {
        // The clock may run ahead of the retries that it drives, so only tests about a time limit set one within its reach.
        var options = new ReplicatedStateClientOptions
        {
            TimeProvider = Time,
            Machine = "bank",
            CallTimeout = TimeSpan.FromDays(10),
            SessionTtl = TimeSpan.FromDays(100),
        };
        foreach (string endpoint in endpoints is [] ? ["a:1", "b:1", "c:1"] : endpoints)
            options.Endpoints.Add(endpoint);
        configure?.Invoke(options);
        Client = new ReplicatedStateClient(options, cluster);
    }

    public FakeTimeProvider Time { get; } = new();

    public ReplicatedStateClient Client { get; }

    public Task<string> CommandAsync(string text, CancellationToken cancellationToken = default) =>
        TextAsync(Client.Machine().CommandAsync(Request(text), cancellationToken));

    public Task<string> KeyedCommandAsync(string key, string text) =>
        TextAsync(Client.Machine().WithIdempotencyKey(key).CommandAsync(Request(text), CancellationToken.None));

    public Task<string> QueryAsync(string text, ReadConsistency consistency = default) =>
        TextAsync(Client.Machine().QueryAsync(Request(text), consistency, CancellationToken.None));

    /// <summary>Moves the clock until the task has ended, and says by how much.</summary>
    public Task<TimeSpan> AdvanceUntilEndAsync(Task task) => AdvanceUntilAsync(() => task.IsCompleted);

    /// <summary>Moves the clock until something holds, and says by how much.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Func<bool> holds)
    {
        DateTimeOffset begin = Time.GetUtcNow();
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException("It never came to hold.");
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        return Time.GetUtcNow() - begin;
    }

    /// <summary>
    /// Moves the clock past <paramref name="notBefore"/>, until when the call must last, and on to <paramref name="by"/>, and no further: the call must then end by
    /// itself. How far the clock runs ahead of the client's threads doesn't matter.
    /// </summary>
    public async Task AdvanceAndAwaitEndAsync(Task task, TimeSpan notBefore, TimeSpan by)
    {
        DateTimeOffset begin = Time.GetUtcNow();
        for (TimeSpan elapsed = TimeSpan.Zero; elapsed < by; elapsed = Time.GetUtcNow() - begin)
        {
            if (elapsed < notBefore)
                Assert.False(task.IsCompleted, $"The call ended after {elapsed}.");
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        await UntilAsync(() => task.IsCompleted);
    }

    /// <summary>Waits, in real time and bounded, for something that needs no clock.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException("It did not happen.");
            await Task.Delay(1);
        }
    }

    public static RequestBuffer Request(string text)
    {
        RequestBuffer request = RequestBuffer.Rent();
        request.Write(Encoding.UTF8.GetBytes(text));
        return request;
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static async Task<string> TextAsync(ValueTask<ReplyBuffer> call)
    {
        using ReplyBuffer reply = await call;
        return Encoding.UTF8.GetString(reply.Bytes.Span);
    }
}
