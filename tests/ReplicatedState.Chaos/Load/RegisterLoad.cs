using System.Diagnostics;
using System.Globalization;
using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Node;
using ReplicatedState.Client;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Chaos.Load;

/// <summary>Clients that read, write and compare-and-set a few registers, and record what they see. Half of the reads rely on a leader's lease; what is read by session is judged at once.</summary>
internal sealed class RegisterLoad(ChaosCluster cluster, HistoryRecorder<RegisterCall, RegisterResult> history, int clients, int seed)
{
    private const int KeysAtATime = 3;

    /// <summary>Histories of one key stay short enough to be decided.</summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(40);

    /// <summary>A call ends within its time; what takes so much longer hangs.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HangAfter = 6 * CallTimeout;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly long[] _lastSeen = new long[KeysAtATime];
    private long _lastValue;
    private long _answered;
    private long _bySession;

    /// <summary>Operations that were answered so far.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Reads by session that showed what they must; not among <see cref="Answered"/>.</summary>
    public long BySession => Volatile.Read(ref _bySession);

    /// <summary>Works until told to stop, then waits for calls that are under way.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(1, clients).Select(client => Task.Run(() => RunClientAsync(client, stop), CancellationToken.None)));

    /// <summary>Writes once more.</summary>
    /// <exception cref="ChaosFailedException">The write isn't acknowledged in time.</exception>
    public async Task WriteAtLastAsync(TimeSpan patience)
    {
        long began = Stopwatch.GetTimestamp();
        var random = new Random(seed);
        await using ReplicatedStateClient connection = Connect(random);
        IRegistersClient registers = new RegistersClient(connection.Machine("registers"));
        for (OperationStatus status = OperationStatus.Fail; status != OperationStatus.Ok;)
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new ChaosFailedException($"Nothing could be written within {patience.TotalSeconds:0} s after all faults had ended.");
            long value = Interlocked.Increment(ref _lastValue);
            status = await RecordAsync(history.Begin(0, new RegisterCall(RegisterCallKind.Write, Value(value)), "last"), () => WriteAsync(registers, "last", value));
        }
    }

    private async Task RunClientAsync(int client, CancellationToken stop)
    {
        var random = new Random(HashCode.Combine(seed, client));
        for (int connections = 0; !stop.IsCancellationRequested; connections++)
        {
            // Those who come later know of the members by then, and have sessions of their own.
            await using ReplicatedStateClient connection = Connect(random);
            IRegistersClient registers = new RegistersClient(connection.Machine("registers"));
            var own = new OwnRegister(registers, string.Create(CultureInfo.InvariantCulture, $"own{client}.{connections}"));
            long began = Stopwatch.GetTimestamp();
            while (!stop.IsCancellationRequested && Stopwatch.GetElapsedTime(began) < 5 * KeyLifetime)
            {
                if (random.Next(10) == 0)
                    await UseOwnAsync(client, registers, own);
                else
                    await OperateAsync(client, registers, random);
                await Task.Delay(PauseMax * random.NextDouble(), CancellationToken.None);
            }
        }
    }

    private ReplicatedStateClient Connect(Random random)
    {
        var options = new ReplicatedStateClientOptions { CallTimeout = CallTimeout, AttemptTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1) };
        options.Resilience.MaxRetryDelay = TimeSpan.FromMilliseconds(500);
        options.Resilience.CircuitBreakerTimeout = TimeSpan.FromSeconds(1);
        string[] endpoints = [.. cluster.Endpoints];
        random.Shuffle(endpoints);
        foreach (string endpoint in endpoints)
            options.Endpoints.Add(endpoint);
        return new ReplicatedStateClient(options);
    }

    private async Task OperateAsync(int client, IRegistersClient registers, Random random)
    {
        int number = random.Next(KeysAtATime);
        string key = string.Create(CultureInfo.InvariantCulture, $"k{(int)(Stopwatch.GetElapsedTime(_began) / KeyLifetime)}.{number}");
        // One who writes soon notices that its leader is cut off, and asks another. One who only reads would stay, and see what such a leader answers.
        int dice = client % 4 == 0 ? 0 : random.Next(10);
        if (dice < 4)
        {
            ReadConsistency consistency = random.Next(2) == 0 ? ReadConsistency.Lease : ReadConsistency.Linearizable;
            await RecordAsync(history.Begin(client, new RegisterCall(RegisterCallKind.Read), key), async () =>
            {
                long? value = await registers.ReadAsync(key, consistency);
                if (value is { } seen)
                    Volatile.Write(ref _lastSeen[number], seen);
                return new RegisterResult(value is { } read ? Value(read) : RegisterValue.None);
            });
            return;
        }

        long next = Interlocked.Increment(ref _lastValue);
        if (dice < 7)
        {
            await RecordAsync(history.Begin(client, new RegisterCall(RegisterCallKind.Write, Value(next)), key), () => WriteAsync(registers, key, next));
            return;
        }

        long expected = Volatile.Read(ref _lastSeen[number]);
        await RecordAsync(
            history.Begin(client, new RegisterCall(RegisterCallKind.CompareAndSet, Value(expected), Value(next)), key),
            async () => new RegisterResult(Swapped: await registers.CompareAndSetAsync(key, expected, next)));
    }

    private async Task UseOwnAsync(int client, IRegistersClient registers, OwnRegister own)
    {
        long value = Interlocked.Increment(ref _lastValue);
        string key = own.Key;
        own.Wrote(value, await RecordAsync(history.Begin(client, new RegisterCall(RegisterCallKind.Write, Value(value)), key), () => WriteAsync(registers, key, value)));
        try
        {
            await own.ReadAsync().WaitAsync(HangAfter);
            Interlocked.Increment(ref _bySession);
        }
        catch (TimeoutException)
        {
            throw Hung();
        }
        catch (ConsensusException)
        {
            // No answer is no wrong answer.
        }
    }

    private static ChaosFailedException Hung() => new($"A call with a timeout of {CallTimeout.TotalSeconds:0} s hasn't ended after {HangAfter.TotalSeconds:0} s.");

    private static async Task<RegisterResult> WriteAsync(IRegistersClient registers, string key, long value)
    {
        await registers.WriteAsync(key, value);
        return default;
    }

    /// <summary>Awaits an operation and records how it ended, as <c>docs/guarantees.md</c> promises it.</summary>
    private async Task<OperationStatus> RecordAsync(RecordedCall<RegisterCall, RegisterResult> call, Func<Task<RegisterResult>> operation)
    {
        try
        {
            call.Succeed(await operation().WaitAsync(HangAfter));
            Interlocked.Increment(ref _answered);
            return OperationStatus.Ok;
        }
        catch (TimeoutException)
        {
            call.LoseTrack();
            throw Hung();
        }
        catch (Exception broken) when (broken is CommandRejectedException or CommandFailedException or InvalidReplyException)
        {
            call.LoseTrack();
            throw new ChaosFailedException($"The machine neither refuses nor fails, and yet a call ended with {broken.GetType().Name}: {broken.Message}");
        }
        catch (ConsensusException unknown) when (unknown is CommandOutcomeUnknownException or CommandReplyUnavailableException)
        {
            call.LoseTrack();
            return OperationStatus.Unknown;
        }
        catch (ConsensusException)
        {
            call.Fail();
            return OperationStatus.Fail;
        }
    }

    private static RegisterValue Value(long value) => RegisterValue.Of(value.ToString(CultureInfo.InvariantCulture));
}
