namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>The machine of the README.</summary>
[ReplicatedStateMachine("bank", Version = 2)]
public sealed partial class Bank
{
    [State]
    private readonly SortedDictionary<string, long> _balances = new(StringComparer.Ordinal);

    [State(Since = 2)]
    private readonly Dictionary<Guid, TransferResult> _transfers = [];

    [Command]
    public TransferResult Transfer(string from, string to, long amount, string? note = null)
    {
        if (_balances.GetValueOrDefault(from) < amount)
            throw new CommandRejectedException("insufficient_funds", $"{from} has less than {amount}");
        _balances[from] -= amount;
        _balances[to] = _balances.GetValueOrDefault(to) + amount;
        return new TransferResult(_balances[from], note);
    }

    [Command]
    public Guid Open(CommandContext context, string owner, long deposit = 0)
    {
        _balances.Add(owner, deposit);
        Guid id = context.NewGuid();
        _transfers.Add(id, new TransferResult(deposit, owner));
        return id;
    }

    [Command]
    public void Close(string owner) => _balances.Remove(owner);

    [Query]
    public long Balance(string account) => _balances.GetValueOrDefault(account);

    [Query(Consistency = ConsistencyLevel.Local)]
    public long Total() => _balances.Values.Sum();
}

/// <summary>What a transfer left behind.</summary>
public sealed record TransferResult(long Balance, string? Note);
