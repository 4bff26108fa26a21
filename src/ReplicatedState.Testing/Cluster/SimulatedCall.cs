namespace ReplicatedState.Testing;

/// <summary>What the code of a simulated client may know and use beside its typed client. Everything here is the same in every run of a seed.</summary>
/// <remarks>
/// The code runs on the one thread of the run, on virtual time. It may await calls, and delays of <see cref="Time"/>; whatever leaves the thread, such as
/// <c>Task.Run</c>, <c>Task.Delay</c> without <see cref="Time"/> or <c>ConfigureAwait(false)</c>, would make the run another one each time, and is refused.
/// </remarks>
public sealed class SimulatedCall
{
    internal SimulatedCall(int client, int number, SeededRandom random, TimeProvider time)
    {
        Client = client;
        Number = number;
        Random = random;
        Time = time;
    }

    /// <summary>Which client this is; counts from 1.</summary>
    public int Client { get; }

    /// <summary>How often this client has begun, this time included; counts from 1.</summary>
    public int Number { get; }

    /// <summary>Randomness that the seed decides, the client's own.</summary>
    public SeededRandom Random { get; }

    /// <summary>Virtual time.</summary>
    public TimeProvider Time { get; }

    /// <summary>A GUID that the seed decides.</summary>
    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Fill(bytes);
        return new Guid(bytes);
    }

    /// <summary>Waits, in virtual time.</summary>
    /// <param name="time">For how long; not negative.</param>
    public Task DelayAsync(TimeSpan time) => Task.Delay(time, Time);
}
