/// <summary>Messages that wait until they are read, for a limited time.</summary>
[ReplicatedStateMachine("mailbox")]
public sealed partial class Mailbox
{
    [State] private readonly Dictionary<string, LinkedListOfLetters> _boxes = [];
    [State] private TimeSpan _keep = TimeSpan.FromDays(7);
    // PLANT RSM1001: [State] private DateTime _founded = DateTime.UtcNow;
    [State] private DateTime _founded = DateTime.UnixEpoch;

    [Command]
    public void Send(string to, string text, CommandContext context)
    {
        if (!_boxes.TryGetValue(to, out LinkedListOfLetters? box))
            _boxes.Add(to, box = new LinkedListOfLetters());
        box.Letters.Add(new Letter(text, context.Now));
        if (_founded == DateTime.UnixEpoch)
            _founded = context.Now.UtcDateTime;
    }

    [Command]
    public List<Letter> Read(string owner, CommandContext context)
    {
        if (!_boxes.Remove(owner, out LinkedListOfLetters? box))
            return [];
        return box.Letters.Where(letter => context.Now - letter.At < _keep).ToList();
    }

    [Command]
    public void Keep(TimeSpan duration) => _keep = duration;

    [Query]
    public int Waiting(string owner) => _boxes.TryGetValue(owner, out LinkedListOfLetters? box) ? box.Letters.Count : 0;
}

public sealed record Letter(string Text, DateTimeOffset At);

public sealed class LinkedListOfLetters
{
    public List<Letter> Letters { get; set; } = [];
}
