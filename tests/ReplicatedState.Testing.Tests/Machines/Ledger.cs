namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Pages that are all stamped at once.</summary>
[ReplicatedStateMachine("ledger")]
public sealed partial class Ledger
{
    private const int Pages = 12;
    private const int Letters = 100_000;
    [State] private long _stamp;

    [Command]
    public long Stamp() => ++_stamp;

    /// <summary>More than fits in one reply's page.</summary>
    [Query]
    public async IAsyncEnumerable<(long Stamp, string Text)> All()
    {
        for (int i = 0; i < Pages; i++)
            yield return (_stamp, new string('x', Letters));
    }
}
