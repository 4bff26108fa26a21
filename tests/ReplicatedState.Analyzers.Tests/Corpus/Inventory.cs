/// <summary>Stock of a warehouse, with reservations that are either shipped or released.</summary>
[ReplicatedStateMachine("inventory")]
public sealed partial class Inventory
{
    [State] private readonly Dictionary<string, int> _stock = [];
    [State] private readonly Dictionary<Guid, Reservation> _reservations = [];

    [Command]
    public void Receive(string article, int count)
    {
        if (count <= 0)
            throw new CommandRejectedException("invalid_count", $"{count} pieces can't be received.");
        _stock[article] = _stock.GetValueOrDefault(article) + count;
    }

    [Command]
    public Guid Reserve(string article, int count, CommandContext context)
    {
        int left = _stock.GetValueOrDefault(article);
        if (left < count)
            throw new CommandRejectedException("out_of_stock", $"Only {left} pieces of {article} are left.");
        _stock[article] = left - count;
        // PLANT RSM1002: Guid number = Guid.NewGuid();
        Guid number = context.NewGuid();
        _reservations.Add(number, new Reservation(article, count));
        return number;
    }

    [Command]
    public bool Ship(Guid reservation) => _reservations.Remove(reservation);

    [Command]
    public void Release(Guid reservation)
    {
        if (_reservations.Remove(reservation, out Reservation? released))
            _stock[released.Article] += released.Count;
    }

    [Query]
    public async IAsyncEnumerable<Reservation> Reserved(string article)
    {
        foreach (Reservation reservation in _reservations.Values)
        {
            if (reservation.Article == article)
                yield return reservation;
        }
    }

    [Query]
    public IAsyncEnumerable<string> Articles() => _stock.Keys.ToAsyncEnumerable();

    [Query]
    public int Available(string article) => _stock.GetValueOrDefault(article);
}

public sealed record Reservation(string Article, int Count);

/// <summary>The warehouse's side: it asks and sends, and waits for both.</summary>
public sealed class Warehouse(IInventoryClient inventory)
{
    public async Task<bool> ShipAsync(string article, int count)
    {
        if (await inventory.AvailableAsync(article) < count)
            return false;
        Guid reservation = await inventory.ReserveAsync(article, count);
        // PLANT RSM2006: inventory.ShipAsync(reservation);
        await inventory.ShipAsync(reservation);
        return true;
    }
}
