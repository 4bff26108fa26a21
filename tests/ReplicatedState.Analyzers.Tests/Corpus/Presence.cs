/// <summary>Who is online, by heartbeat.</summary>
[ReplicatedStateMachine("presence")]
public sealed partial class Presence
{
    [State] private readonly Dictionary<string, DateTimeOffset> _seen = [];

    [Command]
    public void Heartbeat(string user, CommandContext context) => _seen[user] = context.Now;

    [Command]
    public int Sweep(TimeSpan silence, CommandContext context)
    {
        DateTimeOffset since = context.Now - silence;
        List<string> gone = _seen.Where(pair => pair.Value < since).Select(pair => pair.Key).ToList();
        foreach (string user in gone)
            _seen.Remove(user);
        // PLANT RSM1005: Console.WriteLine(gone.Count);
        _ = gone.Count;
        return gone.Count;
    }

    [Query]
    public bool IsOnline(string user) => _seen.ContainsKey(user);

    [Query]
    public string[] Online() => [.. _seen.Keys];
}
