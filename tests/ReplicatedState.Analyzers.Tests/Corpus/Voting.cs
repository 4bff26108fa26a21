/// <summary>Polls in which everybody has one vote and may change it.</summary>
[ReplicatedStateMachine("voting")]
public sealed partial class Voting
{
    [State] private readonly Dictionary<string, string> _votes = [];
    [State] private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    [Command]
    public void Vote(string voter, string choice)
    {
        if (_votes.TryGetValue(voter, out string? before))
            _counts[before]--;
        _votes[voter] = choice;
        _counts[choice] = _counts.GetValueOrDefault(choice) + 1;
    }

    [Command]
    public string? Close()
    {
        // PLANT RSM1008: string? winner = _votes.GroupBy(pair => pair.Value).MaxBy(group => group.Count())?.Key;
        string? winner = _counts.MaxBy(pair => pair.Value).Key;
        _votes.Clear();
        _counts.Clear();
        return winner;
    }

    [Query]
    public int Votes(string choice) => _counts.GetValueOrDefault(choice);
}
