namespace ReplicatedState.Testing;

/// <summary>How badly a simulated network behaves.</summary>
public sealed record NetworkFaults
{
    /// <summary>A network that loses, doubles and reorders nothing.</summary>
    public static NetworkFaults None { get; } = new();

    /// <summary>The shortest time on the way, in microseconds.</summary>
    public int DelayUsMin { get; init; } = 200;

    /// <summary>The longest usual time on the way, in microseconds. Messages overtake each other where it differs from the shortest.</summary>
    public int DelayUsMax { get; init; } = 200;

    /// <summary>Of a thousand messages so many are lost.</summary>
    public int LostPerMille { get; init; }

    /// <summary>Of a thousand messages so many arrive twice.</summary>
    public int DoubledPerMille { get; init; }

    /// <summary>Of a thousand messages so many are late by far more than usual: they arrive in a time that has forgotten them.</summary>
    public int LatePerMille { get; init; }

    /// <summary>How late the late ones are at most, in microseconds.</summary>
    public int LateUsMax { get; init; } = 3_000_000;
}
