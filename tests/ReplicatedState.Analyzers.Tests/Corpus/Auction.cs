/// <summary>Auctions that end at a time and are extended by late bids.</summary>
[ReplicatedStateMachine("auction")]
public sealed partial class Auction
{
    [State] private readonly Dictionary<int, Lot> _lots = [];

    [Command]
    public void Open(int number, long reserve, TimeSpan duration, CommandContext context)
    {
        if (!_lots.TryAdd(number, new Lot(reserve, null, 0, context.Now + duration)))
            throw new CommandRejectedException("exists", $"Lot {number} is open already.");
    }

    [Command]
    public Lot Bid(int number, string bidder, long amount, CommandContext context)
    {
        if (!_lots.TryGetValue(number, out Lot? lot) || context.Now >= lot.Ends)
            throw new CommandRejectedException("closed", $"Lot {number} takes no bids.");
        if (amount < lot.Reserve || amount <= lot.Highest)
            throw new CommandRejectedException("too_low", $"{amount} is too low.");
        TimeSpan left = lot.Ends - context.Now;
        Lot next = lot with { Bidder = bidder, Highest = amount, Ends = left < TimeSpan.FromMinutes(1) ? context.Now + TimeSpan.FromMinutes(1) : lot.Ends };
        _lots[number] = next;
        // PLANT RSM2002: if (next.Highest > 1_000_000) throw new CommandRejectedException("too_high", "Nobody pays that much.");
        if (next.Highest > 1_000_000) return next;
        return next;
    }

    [Query]
    public int Lots() => _lots.Count;
}

public sealed record Lot(long Reserve, string? Bidder, long Highest, DateTimeOffset Ends);
