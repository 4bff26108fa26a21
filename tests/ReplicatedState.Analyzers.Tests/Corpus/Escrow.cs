/// <summary>Deposits that two sides must confirm.</summary>
[ReplicatedStateMachine("escrow")]
public sealed partial class Escrow
{
    [State] private readonly Dictionary<long, Deposit> _deposits = [];
    [State] private readonly List<long> _released = [];
    // PLANT RSM0016: private long _last;
    [State] private long _last;

    [Command]
    public long Put(long amount, string first, string second)
    {
        long id = ++_last;
        _deposits.Add(id, new Deposit(amount, first, second, false, false));
        return id;
    }

    [Command]
    public bool Confirm(long id, string by)
    {
        if (!_deposits.TryGetValue(id, out Deposit? deposit))
            throw new CommandRejectedException("unknown", $"There is no deposit {id}.");
        Deposit confirmed = deposit with { ByFirst = deposit.ByFirst || deposit.First == by, BySecond = deposit.BySecond || deposit.Second == by };
        _deposits[id] = confirmed;
        if (!confirmed.ByFirst || !confirmed.BySecond)
            return false;
        _deposits.Remove(id);
        _released.Add(id);
        return true;
    }

    [Query]
    public int Open() => _deposits.Count;
}

public sealed record Deposit(long Amount, string First, string Second, bool ByFirst, bool BySecond);
