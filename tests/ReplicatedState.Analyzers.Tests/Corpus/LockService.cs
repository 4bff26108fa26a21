/// <summary>Locks with leases and fencing tokens.</summary>
[ReplicatedStateMachine("locks")]
public sealed partial class LockService
{
    [State] private readonly SortedDictionary<string, Lease> _leases = new(StringComparer.Ordinal);
    [State] private long _token;

    [Command]
    public long? Acquire(string name, string owner, TimeSpan duration, CommandContext context)
    {
        // PLANT RSM1001: if (_leases.TryGetValue(name, out Lease? held) && held.Until > DateTimeOffset.UtcNow && held.Owner != owner)
        if (_leases.TryGetValue(name, out Lease? held) && held.Until > context.Now && held.Owner != owner)
            return null;
        _leases[name] = new Lease(owner, ++_token, context.Now + duration);
        return _token;
    }

    [Command]
    public bool Release(string name, long token) => _leases.TryGetValue(name, out Lease? held) && held.Token == token && _leases.Remove(name);

    [Query]
    public string? Owner(string name) => _leases.TryGetValue(name, out Lease? held) ? held.Owner : null;
}

public sealed record Lease(string Owner, long Token, DateTimeOffset Until);
