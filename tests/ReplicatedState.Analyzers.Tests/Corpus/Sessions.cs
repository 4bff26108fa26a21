/// <summary>Signed-in users by token, with the comparer that tokens need.</summary>
[ReplicatedStateMachine("sessions")]
public sealed partial class Sessions
{
    [State] private Dictionary<string, Session> _sessions = new(StringComparer.OrdinalIgnoreCase);

    [Command]
    public string SignIn(string user, CommandContext context)
    {
        string token = context.NewGuid().ToString("N");
        _sessions.Add(token, new Session(user, context.Now));
        return token;
    }

    [Command]
    // PLANT RSM1019: public void SignOutAll() => _sessions = new Dictionary<string, Session>(StringComparer.Ordinal);
    public void SignOutAll() => _sessions = new Dictionary<string, Session>(StringComparer.OrdinalIgnoreCase);

    [Query]
    public string? User(string token) => _sessions.TryGetValue(token, out Session? session) ? session.User : null;
}

public sealed record Session(string User, DateTimeOffset Since);
