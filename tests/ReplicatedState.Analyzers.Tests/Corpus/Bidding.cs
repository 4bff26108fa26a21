/// <summary>Limit orders for one security, matched by price and time.</summary>
[ReplicatedStateMachine("bidding")]
public sealed partial class Bidding
{
    [State] private readonly SortedDictionary<long, Queue<Order>> _asks = [];
    [State] private readonly List<Trade> _trades = [];

    [Command]
    public void Sell(string seller, long price, int count)
    {
        if (!_asks.TryGetValue(price, out Queue<Order>? orders))
            _asks.Add(price, orders = new Queue<Order>());
        orders.Enqueue(new Order(seller, count));
    }

    [Command]
    public int Buy(string buyer, long limit, int count, CommandContext context)
    {
        int bought = 0;
        while (bought < count && _asks.Count > 0)
        {
            (long price, Queue<Order> orders) = _asks.First();
            if (price > limit)
                break;
            Order order = orders.Dequeue();
            // PLANT RSM1002: _trades.Add(new Trade(Guid.CreateVersion7(), order.Seller, buyer, price, order.Count));
            _trades.Add(new Trade(context.NewGuid(), order.Seller, buyer, price, order.Count));
            bought += order.Count;
            if (orders.Count == 0)
                _asks.Remove(price);
        }

        return bought;
    }

    [Query]
    public long? Best() => _asks.Count == 0 ? null : _asks.First().Key;
}

public sealed record Order(string Seller, int Count);

public sealed record Trade(Guid Id, string Seller, string Buyer, long Price, int Count);
