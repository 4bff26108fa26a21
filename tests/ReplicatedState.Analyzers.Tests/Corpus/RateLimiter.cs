/// <summary>Token buckets, filled by the log's time.</summary>
[ReplicatedStateMachine("rate-limiter")]
public sealed partial class RateLimiter
{
    [State] private readonly Dictionary<string, Bucket> _buckets = [];
    [State] private int _perSecond = 10;
    [Transient] private CommandContext? _clock;
    private const int Burst = 50;

    [Command]
    public void Configure(int perSecond) => _perSecond = perSecond;

    [Command]
    public bool TryTake(string key, CommandContext context)
    {
        // PLANT RSM2008: _clock = context; long now = context.Now.ToUnixTimeMilliseconds();
        long now = context.Now.ToUnixTimeMilliseconds();
        Bucket bucket = _buckets.TryGetValue(key, out Bucket? known) ? known : new Bucket(Burst * 1000L, now);
        long filled = Math.Min(Burst * 1000L, bucket.Thousandths + (now - bucket.FilledAtMs) * _perSecond);
        // PLANT RSM1018: bool granted = filled >= (OperatingSystem.IsLinux() ? 1000 : 999);
        bool granted = filled >= 1000;
        _buckets[key] = new Bucket(granted ? filled - 1000 : filled, now);
        return granted;
    }

    [Query]
    public int Buckets() => _clock is null ? _buckets.Count : -1;
}

public sealed record Bucket(long Thousandths, long FilledAtMs);
