/// <summary>Carts with prices in cents and discounts in percent.</summary>
[ReplicatedStateMachine("carts")]
public sealed partial class ShoppingCart
{
    [State] private readonly Dictionary<string, List<CartLine>> _carts = [];

    [Command]
    public void Add(string customer, string article, int count, long cents)
    {
        if (!_carts.TryGetValue(customer, out List<CartLine>? lines))
            _carts.Add(customer, lines = []);
        int at = lines.FindIndex(line => line.Article == article);
        if (at < 0)
            lines.Add(new CartLine(article, count, cents));
        else
            lines[at] = lines[at] with { Count = lines[at].Count + count };
    }

    [Command]
    public long CheckOut(string customer, int discount)
    {
        if (!_carts.Remove(customer, out List<CartLine>? lines))
            return 0;
        // PLANT RSM1011: return (long)(lines.Sum(line => line.Cents * line.Count) * Math.Pow(0.99, discount));
        return lines.Sum(line => line.Cents * line.Count) * (100 - discount) / 100;
    }

    [Query]
    public int Lines(string customer) => _carts.TryGetValue(customer, out List<CartLine>? lines) ? lines.Count : 0;
}

public sealed record CartLine(string Article, int Count, long Cents);
