/// <summary>Rooms with members and their latest messages.</summary>
[ReplicatedStateMachine("chat")]
public sealed partial class Chat
{
    private const int Kept = 100;

    [State] private readonly Dictionary<string, Room> _rooms = [];

    [Command]
    public void Join(string room, string user)
    {
        if (!_rooms.TryGetValue(room, out Room? found))
            _rooms.Add(room, found = new Room());
        found.Members.Add(user);
    }

    [Command]
    public void Say(string room, string user, string text, CommandContext context)
    {
        if (!_rooms.TryGetValue(room, out Room? found) || !found.Members.Contains(user))
            throw new CommandRejectedException("not_a_member", $"{user} is not in {room}.");
        // PLANT RSM1001: found.Messages.Add(new Message(user, text, DateTime.UtcNow));
        found.Messages.Add(new Message(user, text, context.Now.UtcDateTime));
        if (found.Messages.Count > Kept)
            found.Messages.RemoveAt(0);
    }

    [Query]
    public List<Message> Latest(string room) => _rooms.TryGetValue(room, out Room? found) ? found.Messages : [];
}

public sealed class Room
{
    public HashSet<string> Members { get; set; } = [];

    public List<Message> Messages { get; set; } = [];
}

public sealed record Message(string User, string Text, DateTime At);
