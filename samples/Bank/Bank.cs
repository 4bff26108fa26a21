using ReplicatedState;

namespace BankSample;

/// <summary>A bank whose books are kept on every node: plain C#, and the whole business logic of the sample.</summary>
[ReplicatedStateMachine("bank", Version = 1)]
[Emits<Account>(Name = "Opened")]
public sealed partial class Bank
{
    [State] private readonly SortedDictionary<Guid, Account> _accounts = [];

    /// <summary>How often each transfer was executed. Nothing here stops a second execution: that is the framework's promise, and what the demonstration checks.</summary>
    [State] private readonly Dictionary<Guid, int> _executions = [];

    /// <summary>Opens an account. Its number and date come from the context, so that they are equal on every replica.</summary>
    [Command]
    public Account Open(string owner, long deposit, CommandContext context)
    {
        if (deposit < 0)
            throw new CommandRejectedException("invalid_amount", $"A deposit of {deposit} is less than nothing.");
        var account = new Account(context.NewGuid(), owner, deposit, context.Now);
        _accounts.Add(account.Number, account);
        context.Emit(account);
        return account;
    }

    /// <summary>Moves money, or says why not and changes nothing.</summary>
    [Command]
    public Receipt Transfer(Transfer transfer, CommandContext context)
    {
        if (transfer.Amount <= 0)
            throw new CommandRejectedException("invalid_amount", $"An amount of {transfer.Amount} can't be transferred.");
        Account payer = Find(transfer.From);
        if (payer.Balance < transfer.Amount)
            throw new CommandRejectedException("insufficient_funds", $"Account {payer.Number} holds {payer.Balance}, less than {transfer.Amount}.");
        Account payee = Find(transfer.To);
        if (payee.Number == payer.Number)
            throw new CommandRejectedException("same_account", $"Account {payer.Number} can't pay itself.");

        payer = payer with { Balance = payer.Balance - transfer.Amount };
        payee = payee with { Balance = payee.Balance + transfer.Amount };
        _accounts[payer.Number] = payer;
        _accounts[payee.Number] = payee;
        _executions[transfer.Id] = _executions.GetValueOrDefault(transfer.Id) + 1;
        return new Receipt(transfer.Id, payer.Balance, payee.Balance, context.Now);
    }

    /// <summary>What an account holds.</summary>
    [Query]
    public long Balance(Guid account) => Find(account).Balance;

    /// <summary>All accounts, by number.</summary>
    [Query]
    public Account[] Accounts() => [.. _accounts.Values];

    /// <summary>The sums over all accounts and transfers.</summary>
    [Query]
    public BankTotals Totals()
    {
        long money = 0;
        long executions = 0;
        foreach (Account account in _accounts.Values)
            money += account.Balance;
        foreach (int times in _executions.Values)
            executions += times;
        return new BankTotals(_accounts.Count, money, _executions.Count, executions);
    }

    /// <summary>How often each of the given transfers was executed.</summary>
    [Query]
    public int[] Executions(Guid[] transfers)
    {
        int[] times = new int[transfers.Length];
        for (int i = 0; i < transfers.Length; i++)
            times[i] = _executions.GetValueOrDefault(transfers[i]);
        return times;
    }

    private Account Find(Guid number) =>
        _accounts.TryGetValue(number, out Account? account) ? account : throw new CommandRejectedException("unknown_account", $"There is no account {number}.");
}

/// <summary>Named here for the generator of minimal APIs, which doesn't see what other generators emit.</summary>
public partial interface IBankClient;
