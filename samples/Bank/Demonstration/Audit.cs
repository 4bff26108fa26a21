namespace BankSample.Demonstration;

/// <summary>What the books say about the transfers that were sent.</summary>
/// <param name="Totals">The sums.</param>
/// <param name="Lost">Acknowledged transfers that are not in the books.</param>
/// <param name="Duplicated">Transfers that were executed more than once.</param>
/// <param name="RefusedYetExecuted">Transfers that were definitely refused and are in the books all the same.</param>
/// <param name="Invented">Executions of transfers that nobody sent.</param>
internal sealed record Audit(BankTotals Totals, int Lost, int Duplicated, int RefusedYetExecuted, long Invented)
{
    private const int BatchSize = 5_000;

    /// <summary>Holds every transfer that was sent against the books.</summary>
    public static async Task<Audit> OfAsync(IBankClient bank, IReadOnlyCollection<SentTransfer> sent, CancellationToken cancellationToken)
    {
        int lost = 0;
        int duplicated = 0;
        int refusedYetExecuted = 0;
        long executions = 0;
        foreach (SentTransfer[] batch in sent.Chunk(BatchSize))
        {
            int[] times = await bank.ExecutionsAsync([.. batch.Select(transfer => transfer.Id)], cancellationToken: cancellationToken);
            for (int i = 0; i < batch.Length; i++)
            {
                executions += times[i];
                if (times[i] > 1)
                    duplicated++;
                if (times[i] == 0 && batch[i].Fate == TransferFate.Acknowledged)
                    lost++;
                if (times[i] > 0 && batch[i].Fate == TransferFate.Refused)
                    refusedYetExecuted++;
            }
        }

        BankTotals totals = await bank.TotalsAsync(cancellationToken: cancellationToken);
        return new Audit(totals, lost, duplicated, refusedYetExecuted, totals.Executions - executions);
    }
}
