using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Runtime.Shards;

// What the activation of a version would do, before anybody orders it: a migration that throws halts every replica, and then it is too late.
internal sealed partial class GroupReplica
{
    private readonly List<GroupOperation> _trials = [];

    /// <summary>Lends the machine for the next trial. Where there is no machine to try on, nothing is known against the version.</summary>
    private bool TryLendForTrial()
    {
        if (_trials.Count == 0)
            return false;
        if (!_machine.IsFilled || _machine.HaltReason is not null)
        {
            EndTrials(null);
            return false;
        }

        GiveWithMachine(new MigrationTrial(_machine.Lend(), _trials[0].Version));
        return true;
    }

    private void OnTried(MigrationTrial trial)
    {
        GroupOperation asked = _trials[0];
        _trials.RemoveAt(0);
        asked.Complete(Status, trial.Failure);
    }

    private void EndTrials(string? why)
    {
        foreach (GroupOperation trial in _trials)
            trial.Complete(Status, why);
        _trials.Clear();
    }
}
