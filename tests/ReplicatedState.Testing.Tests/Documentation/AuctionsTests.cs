namespace ReplicatedState.Testing.Tests.Documentation;

/// <summary>What docs/state-machines.md shows of tests, as tests that run.</summary>
public sealed class AuctionsTests
{
    // begin page
    [Fact]
    public async Task The_highest_bidder_gets_the_lot_when_its_time_is_over()
    {
        var auctions = new InMemoryAuctionsClient();
        await auctions.OfferAsync("vase", reserve: 10, TimeSpan.FromHours(1));
        await auctions.BidAsync("vase", "ada", 20);
        CommandRejectedException refusal = await Assert.ThrowsAsync<CommandRejectedException>(async () => await auctions.BidAsync("vase", "bob", 15));
        Assert.Equal("too_low", refusal.RejectionCode);

        auctions.Advance(TimeSpan.FromHours(1));
        Assert.Equal((false, "ada"), (auctions.Machine.Find("vase")!.IsOpen, auctions.Machine.Find("vase")!.Bidder));
        await foreach (string lot in auctions.WonAsync("ada"))
            Assert.Equal("vase", lot);
    }
    // end page

    // begin page
    [Fact]
    public async Task Whoever_watches_is_told_of_every_sale()
    {
        var auctions = new InMemoryAuctionsClient();
        await auctions.OfferAsync("vase", reserve: 10, TimeSpan.FromHours(1));
        await auctions.BidAsync("vase", "ada", 20);
        auctions.Advance(TimeSpan.FromHours(1));

        await foreach (MachineEvent<Sale> sale in auctions.WatchSaleAsync(EventPosition.First))
        {
            Assert.Equal(new Sale("vase", "ada", 20), sale.Value);
            EventPosition next = sale.Position.Next; // to be kept with what was made of it: a later watch goes on from there
            Assert.Equal(next, EventPosition.Parse(next.ToString()));
            break;
        }
    }
    // end page

    // begin page
    [Fact]
    public async Task All_lots_of_a_sale_are_offered_by_one_entry()
    {
        var auctions = new InMemoryAuctionsClient();
        var sale = new CommandBatch();
        sale.Add(AuctionsCommands.Offer("vase", reserve: 10, TimeSpan.FromHours(1)));
        BatchedCommand again = sale.Add(AuctionsCommands.Offer("vase", reserve: 50, TimeSpan.FromHours(1)));
        BatchedCommand lamp = sale.Add(AuctionsCommands.Offer("lamp", reserve: 30, TimeSpan.FromHours(1)));

        BatchReply reply = await auctions.BatchAsync(sale);
        Assert.IsType<CommandRejectedException>(reply.ErrorOf(again)); // and the others went on
        Assert.Null(reply.ErrorOf(lamp));
    }
    // end page

    // begin page
    [Fact]
    public async Task The_machine_is_deterministic() => await DeterminismProbe.Of<Auctions>().RunAsync(async (IAuctionsClient auctions) =>
    {
        foreach (string lot in (string[])["vase", "lamp", "desk"])
        {
            await auctions.OfferAsync(lot, reserve: 10, TimeSpan.FromSeconds(5));
            await auctions.BidAsync(lot, "ada", 20);
        }
    });
    // end page

    // begin page
    [Fact]
    public async Task No_fault_changes_a_price_after_the_end() => await SimulatedCluster.Of<Auctions>()
        .Faults(Faults.All)
        .Clients(3, async (IAuctionsClient auctions, SimulatedCall call) =>
        {
            string lot = $"{call.Client} {call.Number}";
            await auctions.OfferAsync(lot, reserve: 10, TimeSpan.FromMilliseconds(500));
            await call.DelayAsync(TimeSpan.FromSeconds(2));
            if (await auctions.FindAsync(lot) is { IsOpen: false })
                await Assert.ThrowsAsync<CommandRejectedException>(async () => await auctions.BidAsync(lot, "late", 1000));
        })
        .RunAsync(SimulatedCluster.Seeds(1, 5));
    // end page
}
