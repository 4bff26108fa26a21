using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

/// <summary>Batches over gRPC, against three real nodes.</summary>
public sealed class BatchTests
{
    private const int Batches = 30;

    [Fact]
    public async Task Batches_are_executed_once_and_whole_while_the_leader_is_killed()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        await using ReplicatedStateClient client = nodes.Connect(options => options.AttemptTimeout = TimeSpan.FromSeconds(2));
        IBankClient bank = BankTrio.BankOf(client);

        var opening = new CommandBatch();
        BatchedCommand<Account> ann = opening.Add(BankCommands.Open("ann", 1_000));
        BatchedCommand refused = opening.Add(BankCommands.Open("nobody", -1));
        BatchedCommand<Account> bob = opening.Add(BankCommands.Open("bob", 0));
        BatchReply opened = await bank.BatchAsync(opening);
        Account payer = opened.ResultOf(ann);
        Account payee = opened.ResultOf(bob);
        Assert.Equal("invalid_amount", Assert.IsType<CommandRejectedException>(opened.ErrorOf(refused)).RejectionCode);
        Assert.Equal(payer.OpenedAt, payee.OpenedAt);
        Assert.NotEqual(payer.Number, payee.Number);

        for (int i = 0; i < Batches; i++)
        {
            if (i == 10)
                nodes.Process(await nodes.LeaderAsync()).Kill();
            var transfers = new CommandBatch();
            BatchedCommand<Receipt>[] made = [.. Enumerable.Range(0, 3).Select(_ => transfers.Add(BankCommands.Transfer(new Transfer(Guid.NewGuid(), payer.Number, payee.Number, 1))))];
            BatchReply reply = await bank.BatchAsync(transfers);
            reply.ThrowIfAnyFailed();
            Assert.Equal([.. Enumerable.Range(1, 3).Select(n => (3L * i) + n)], made.Select(transfer => reply.ResultOf(transfer).ToBalance));
        }

        BankTotals totals = await bank.TotalsAsync();
        Assert.Equal((2, 1_000, 3 * Batches, 3 * Batches), (totals.Accounts, totals.Money, totals.Transfers, totals.Executions));
    }
}
