/// <summary>The best score of each player, and who leads.</summary>
[ReplicatedStateMachine("leaderboard")]
public sealed partial class Leaderboard
{
    [State] private readonly Dictionary<string, long> _best = [];
    [State] private readonly SortedDictionary<long, SortedSet<string>> _byScore = [];

    [Command]
    public bool Submit(string player, long score)
    {
        if (_best.TryGetValue(player, out long best))
        {
            if (best >= score)
                return false;
            _byScore[best].Remove(player);
            if (_byScore[best].Count == 0)
                _byScore.Remove(best);
        }

        _best[player] = score;
        if (!_byScore.TryGetValue(score, out SortedSet<string>? players))
            // PLANT RSM1009: _byScore.Add(score, players = new SortedSet<string>());
            _byScore.Add(score, players = new SortedSet<string>(StringComparer.Ordinal));
        players.Add(player);
        return true;
    }

    [Query]
    public List<string> Top(int count) => _byScore.Reverse().SelectMany(pair => pair.Value).Take(count).ToList();
}
