/// <summary>Orders, found by number and by customer.</summary>
[ReplicatedStateMachine("orders")]
public sealed partial class Orders
{
    [State] private readonly Dictionary<long, Purchase> _byNumber = [];
    [State] private readonly Dictionary<string, List<long>> _byCustomer = [];
    [State] private Purchase? _newest;

    [Command]
    public long Place(string customer, List<string> articles)
    {
        var purchase = new Purchase { Number = _byNumber.Count + 1, Articles = articles };
        _byNumber.Add(purchase.Number, purchase);
        // PLANT RSM1020: _newest = purchase;
        _newest = new Purchase { Number = purchase.Number, Articles = [.. articles] };
        if (!_byCustomer.TryGetValue(customer, out List<long>? numbers))
            _byCustomer.Add(customer, numbers = []);
        numbers.Add(purchase.Number);
        return purchase.Number;
    }

    [Command]
    public void Ship(long number) => _byNumber[number].Shipped = true;

    /// <summary>Puts an order in front of those of its customer, to be seen first.</summary>
    [Command]
    public void Prefer(long number)
    {
        // PLANT RSM1020: if (_byNumber.TryGetValue(number, out Purchase? found)) _newest = found;
        if (_byNumber.TryGetValue(number, out Purchase? found)) _newest = new Purchase { Number = found.Number, Shipped = found.Shipped, Articles = [.. found.Articles] };
    }

    [Query]
    public Purchase? Newest() => _newest;
}

public sealed class Purchase
{
    public long Number { get; set; }

    public bool Shipped { get; set; }

    public List<string> Articles { get; set; } = [];
}
