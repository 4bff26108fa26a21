namespace ReplicatedState.Testing.Tests.Documentation;

// begin page
[ReplicatedStateMachine("auctions")]
[Emits<Sale>]
public sealed partial class Auctions
{
    [State] private readonly SortedDictionary<string, Lot> _lots = new(StringComparer.Ordinal);

    /// <summary>Puts a lot on offer; the clock closes it.</summary>
    [Command]
    public void Offer(string lot, long reserve, TimeSpan duration, CommandContext context)
    {
        if (_lots.ContainsKey(lot))
            throw new CommandRejectedException("known_lot", $"The lot '{lot}' was on offer before.");
        TimerId closing = context.Schedule(duration, AuctionsCommands.Close(lot));
        _lots.Add(lot, new Lot(reserve, Bidder: null, context.Now + duration, closing, IsOpen: true));
    }

    /// <summary>Bids more than anybody has, and says until when others may.</summary>
    [Command]
    public DateTimeOffset Bid(string lot, string bidder, long amount)
    {
        if (!_lots.TryGetValue(lot, out Lot? now) || !now.IsOpen)
            throw new CommandRejectedException("closed", $"The lot '{lot}' is not on offer.");
        if (amount <= now.Price)
            throw new CommandRejectedException("too_low", $"The lot '{lot}' stands at {now.Price}.");
        _lots[lot] = now with { Price = amount, Bidder = bidder };
        return now.ClosesAt;
    }

    /// <summary>For the clock alone.</summary>
    [Command]
    public void Close(string lot, CommandContext context)
    {
        if (context.Timer is null)
            throw new CommandRejectedException("not_yours", "Lots are closed by the clock.");
        Lot closed = _lots[lot] with { IsOpen = false };
        _lots[lot] = closed;
        if (closed.Bidder is { } buyer)
            context.Emit(new Sale(lot, buyer, closed.Price));
    }

    [Query]
    public Lot? Find(string lot) => _lots.GetValueOrDefault(lot);

    [Query(Consistency = ConsistencyLevel.Local)]
    public int CountOpen() => _lots.Values.Count(lot => lot.IsOpen);

    /// <summary>The lots that a bidder has won, however many there are.</summary>
    [Query]
    public async IAsyncEnumerable<string> Won(string bidder)
    {
        foreach ((string name, Lot lot) in _lots)
        {
            if (!lot.IsOpen && lot.Bidder == bidder)
                yield return name;
        }
    }
}

public sealed record Lot(long Price, string? Bidder, DateTimeOffset ClosesAt, TimerId Closing, bool IsOpen);

public sealed record Sale(string Lot, string Buyer, long Price);
// end page
