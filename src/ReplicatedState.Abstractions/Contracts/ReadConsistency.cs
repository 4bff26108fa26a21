using System.Diagnostics.CodeAnalysis;

namespace ReplicatedState;

/// <summary>How recent the state that a query sees must be. The default value is <see cref="Linearizable"/>.</summary>
/// <remarks>Named from the strongest to the weakest; what each promises and costs is in the guide <c>guarantees</c>. A query can be asked of any node at every level.</remarks>
public readonly record struct ReadConsistency
{
    /// <summary>The longest bound of a stale read, in milliseconds: a day.</summary>
    public const int MaxStalenessMsMax = 24 * 60 * 60 * 1000;

    private ReadConsistency(ConsistencyLevel level, int maxStalenessMs = 0, SessionToken token = default)
    {
        Level = level;
        MaxStalenessMs = maxStalenessMs;
        Token = token;
    }

    /// <summary>Sees every command acknowledged before the query was sent. A majority confirms that the leader still leads; depends on no clock (ReadIndex, Raft dissertation 6.4).</summary>
    public static ReadConsistency Linearizable => default;

    /// <summary>
    /// As <see cref="Linearizable"/>, without asking a majority while the leader holds a lease, as long as no clock runs faster than another by more than is configured
    /// (<c>raft.max_clock_drift_permille</c>; Raft dissertation 6.4.1). Where leases are off or none is held, exactly as <see cref="Linearizable"/>.
    /// </summary>
    public static ReadConsistency Lease => new(ConsistencyLevel.Lease);

    /// <summary>Sees what the client has seen before, through whichever node: the effects of its own acknowledged commands, and whatever its queries showed.</summary>
    /// <remarks>The typed client remembers how far that is; see <see cref="IStateMachineChannel.WithSession"/>. Who has seen nothing yet reads as <see cref="Local"/>.</remarks>
    public static ReadConsistency Session => new(ConsistencyLevel.Session);

    /// <summary>Sees whatever the asked node has applied; may be arbitrarily old.</summary>
    public static ReadConsistency Local => new(ConsistencyLevel.Local);

    /// <summary>Which kind.</summary>
    public ConsistencyLevel Level { get; }

    /// <summary><see cref="BoundedStaleness"/>: the bound in milliseconds; otherwise 0.</summary>
    public int MaxStalenessMs { get; }

    /// <summary>What the state must contain, where <see cref="AtLeast"/> said so; otherwise empty.</summary>
    public SessionToken Token { get; }

    /// <summary>Sees every command acknowledged longer than <paramref name="max"/> before the query was sent. A node whose state is older asks the leader first.</summary>
    /// <param name="max">From a millisecond to a day; parts of a millisecond don't count. Bounds below a heartbeat or two are met by asking the leader each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    public static ReadConsistency BoundedStaleness(TimeSpan max)
    {
        double milliseconds = Math.Floor(max.TotalMilliseconds);
        return milliseconds is >= 1 and <= MaxStalenessMsMax
            ? new ReadConsistency(ConsistencyLevel.BoundedStaleness, (int)milliseconds)
            : throw new ArgumentOutOfRangeException(nameof(max), max, "The bound of a stale read is from 1 ms to a day.");
    }

    /// <summary>As <see cref="Session"/>, with what another client has seen, or this one at another time.</summary>
    public static ReadConsistency AtLeast(SessionToken token) => new(ConsistencyLevel.Session, token: token);

    /// <summary>Puts together what came from outside, such as a request in JSON or protobuf; false where it makes no sense.</summary>
    /// <param name="level">The number of a <see cref="ConsistencyLevel"/>.</param>
    /// <param name="maxStalenessMs">The bound; 0 for none.</param>
    /// <param name="token">The session token; empty for none.</param>
    /// <param name="consistency">The consistency.</param>
    /// <param name="flaw">A sentence that says what is wrong; null where nothing is.</param>
    public static bool TryCreate(ulong level, ulong maxStalenessMs, SessionToken token, out ReadConsistency consistency, [NotNullWhen(false)] out string? flaw)
    {
        consistency = default;
        var known = (ConsistencyLevel)Math.Min(level, int.MaxValue);
        if (!Enum.IsDefined(known))
            flaw = $"No consistency has the number {level}; they go from 0 (linearizable) to {(int)ConsistencyLevel.Session} (session).";
        else if (known == ConsistencyLevel.BoundedStaleness && maxStalenessMs is < 1 or > MaxStalenessMsMax)
            flaw = $"A query of bounded staleness needs a bound of 1 to {MaxStalenessMsMax} ms; this one has {maxStalenessMs}.";
        else if (known != ConsistencyLevel.BoundedStaleness && maxStalenessMs != 0)
            flaw = $"Only a query of bounded staleness has a bound; this one is {known}.";
        else if (known != ConsistencyLevel.Session && !token.IsEmpty)
            flaw = $"Only a query of a session has a session token; this one is {known}.";
        else
            flaw = null;
        if (flaw is not null)
            return false;
        consistency = new ReadConsistency(known, (int)maxStalenessMs, token);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Level switch
    {
        ConsistencyLevel.BoundedStaleness => $"BoundedStaleness({MaxStalenessMs} ms)",
        ConsistencyLevel.Session when !Token.IsEmpty => $"AtLeast({Token})",
        _ => Level.ToString(),
    };
}
