/// <summary>Players that wait for an opponent of about their strength.</summary>
[ReplicatedStateMachine("matchmaking")]
public sealed partial class Matchmaking
{
    [State] private readonly List<Waiting> _waiting = [];
    [State] private readonly Dictionary<Guid, Match> _matches = [];

    [Command]
    public Guid? Join(string player, int strength, CommandContext context)
    {
        int at = _waiting.FindIndex(other => Math.Abs(other.Strength - strength) <= 100);
        if (at < 0)
        {
            // PLANT RSM1001: _waiting.Add(new Waiting(player, strength, Environment.TickCount64));
            _waiting.Add(new Waiting(player, strength, context.Now.ToUnixTimeMilliseconds()));
            return null;
        }

        Guid match = context.NewGuid();
        _matches.Add(match, new Match(_waiting[at].Player, player));
        _waiting.RemoveAt(at);
        return match;
    }

    [Command]
    public void Leave(string player) => _waiting.RemoveAll(other => other.Player == player);

    [Query]
    public int Queue() => _waiting.Count;
}

public sealed record Waiting(string Player, int Strength, long SinceMs);

public sealed record Match(string First, string Second);
