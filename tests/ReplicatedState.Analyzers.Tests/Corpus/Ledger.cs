/// <summary>Double-entry bookkeeping: every posting is balanced.</summary>
[ReplicatedStateMachine("ledger")]
public sealed partial class Ledger
{
    [State] private readonly SortedDictionary<int, decimal> _balances = [];
    [State] private readonly List<Posting> _journal = [];

    [Command]
    public int Post(Line[] lines, string text, CommandContext context)
    {
        decimal sum = 0;
        foreach (Line line in lines)
            sum += line.Amount;
        // PLANT RSM1010: if (sum != 0) throw new CommandRejectedException("unbalanced", $"The lines add up to {sum}.");
        if (sum != 0) throw new CommandRejectedException("unbalanced", "The lines don't add up to nothing.");
        foreach (Line line in lines)
            _balances[line.Account] = _balances.GetValueOrDefault(line.Account) + line.Amount;
        _journal.Add(new Posting(_journal.Count + 1, context.Now, text, lines));
        return _journal.Count;
    }

    [Query]
    public decimal Balance(int account) => _balances.GetValueOrDefault(account);

    [Query]
    public Posting? Find(int number) => number > 0 && number <= _journal.Count ? _journal[number - 1] : null;
}

public sealed record Line(int Account, decimal Amount);

public sealed record Posting(int Number, DateTimeOffset At, string Text, Line[] Lines);
