/// <summary>How much of its quota each tenant uses, in periods of a day.</summary>
[ReplicatedStateMachine("quota")]
public sealed partial class Quota
{
    [State] private readonly Dictionary<string, long> _limits = [];
    [State] private readonly Dictionary<string, Usage> _usage = [];

    [Command]
    public void Allow(string tenant, long limit) => _limits[tenant] = limit;

    [Command]
    public bool Use(string tenant, long amount, CommandContext context)
    {
        // PLANT RSM1004: long limit = _limits.GetValueOrDefault(tenant, long.Parse(Environment.GetEnvironmentVariable("QUOTA")!));
        long limit = _limits.GetValueOrDefault(tenant, 100);
        int day = (int)(context.Now - DateTimeOffset.UnixEpoch).TotalDays;
        long used = _usage.TryGetValue(tenant, out Usage? usage) && usage.Day == day ? usage.Amount : 0;
        if (used + amount > limit)
            return false;
        _usage[tenant] = new Usage(day, used + amount);
        return true;
    }

    [Query]
    public long Total() => _usage.Values.Sum(usage => usage.Amount);
}

public sealed record Usage(int Day, long Amount);

/// <summary>Asks before each piece of work.</summary>
public sealed class Meter(IQuotaClient quota)
{
    public async Task<int> SpendAsync(string tenant, IEnumerable<long> amounts)
    {
        int spent = 0;
        foreach (long amount in amounts)
        {
            if (!await quota.UseAsync(tenant, amount))
                break;
            spent++;
        }

        return spent;
    }
}
