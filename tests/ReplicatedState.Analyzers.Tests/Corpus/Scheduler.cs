/// <summary>Appointments that are due in the order of their time.</summary>
[ReplicatedStateMachine("scheduler")]
public sealed partial class Scheduler
{
    [State] private readonly SortedDictionary<long, List<string>> _due = [];

    [Command]
    public void Plan(string what, TimeSpan after, CommandContext context)
    {
        // PLANT RSM1012: long at = context.Now.LocalDateTime.Add(after).Ticks;
        long at = context.Now.Add(after).UtcTicks;
        if (!_due.TryGetValue(at, out List<string>? list))
            _due.Add(at, list = []);
        list.Add(what);
    }

    [Command]
    public List<string> Run(CommandContext context)
    {
        var ran = new List<string>();
        while (_due.Count > 0)
        {
            (long at, List<string> list) = _due.First();
            if (at > context.Now.UtcTicks)
                break;
            ran.AddRange(list);
            _due.Remove(at);
        }

        return ran;
    }

    [Query]
    public int Planned() => _due.Values.Sum(list => list.Count);
}
