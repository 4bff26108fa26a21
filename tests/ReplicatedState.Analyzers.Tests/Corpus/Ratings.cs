/// <summary>Ratings of players after games, in whole points.</summary>
[ReplicatedStateMachine("ratings")]
public sealed partial class Ratings
{
    [State] private readonly Dictionary<string, int> _ratings = [];

    [Command]
    public int Won(string winner, string loser)
    {
        int high = _ratings.GetValueOrDefault(winner, 1500);
        int low = _ratings.GetValueOrDefault(loser, 1500);
        // PLANT RSM1011: int points = (int)(32 / (1 + Math.Pow(10, (high - low) / 400.0)));
        int points = Math.Clamp(16 - (high - low) / 25, 1, 31);
        _ratings[winner] = high + points;
        _ratings[loser] = low - points;
        return points;
    }

    [Query]
    public int Rating(string player) => _ratings.GetValueOrDefault(player, 1500);
}
