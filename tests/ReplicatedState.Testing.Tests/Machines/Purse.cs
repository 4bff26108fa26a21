namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Coins in named purses; their number never changes.</summary>
[ReplicatedStateMachine("purse")]
public sealed partial class Purse
{
    [State] private readonly SortedDictionary<string, long> _coins = new(StringComparer.Ordinal) { ["a"] = 500, ["b"] = 300, ["c"] = 200 };

    public long Total => _coins.Values.Sum();

    [Command]
    public long Move(string from, string to, long amount)
    {
        if (_coins[from] < amount)
            throw new CommandRejectedException("too_few", $"{from} holds {_coins[from]} coins.");
        _coins[from] -= amount;
        return _coins[to] += amount;
    }

    /// <summary>The bug of a machine that tests are there for.</summary>
    [Command]
    public void Steal(string from) => _coins[from]--;

    [Query]
    public long CoinsOf(string name) => _coins[name];

    [Query]
    public long[] All() => [.. _coins.Values];
}
