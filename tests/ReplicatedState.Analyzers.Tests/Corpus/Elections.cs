/// <summary>Leaders of groups of processes, chosen by whoever asks first.</summary>
[ReplicatedStateMachine("elections")]
public sealed partial class Elections
{
    [State] private readonly Dictionary<string, Office> _offices = new(StringComparer.Ordinal);
    [State] private int _changes;

    [Command]
    public bool Run(string office, string candidate, TimeSpan term, CommandContext context)
    {
        bool isFree = !_offices.TryGetValue(office, out Office? held) || held.Until <= context.Now;
        if (!isFree && held!.Holder != candidate)
            return false;
        if (isFree)
            _changes++;
        _offices[office] = new Office(candidate, context.Now + term);
        return true;
    }

    [Command]
    public void Resign(string office, string holder)
    {
        if (_offices.TryGetValue(office, out Office? held) && held.Holder == holder)
            _offices.Remove(office);
    }

    // PLANT RSM2001: [Query] public int Changes() => Forget(); private int Forget() { _offices.Clear(); return _changes; }
    [Query] public int Changes() => Known(); private int Known() { return _changes + 0 * _offices.Count; }
}

public sealed record Office(string Holder, DateTimeOffset Until);
