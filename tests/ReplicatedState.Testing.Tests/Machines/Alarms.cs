namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Alarms that ring once, when their time has come, unless they are stopped before. Notes what a timer must never do.</summary>
[ReplicatedStateMachine("alarms")]
public sealed partial class Alarms
{
    [State] private readonly SortedDictionary<string, TimerId> _set = new(StringComparer.Ordinal);
    [State] private readonly SortedSet<string> _rung = new(StringComparer.Ordinal);
    [State] private int _wrong;

    public bool IsRight => _wrong == 0 && !_rung.Overlaps(_set.Keys);

    [Command]
    public bool Set(string name, int afterMs, CommandContext context)
    {
        if (_set.ContainsKey(name) || _rung.Contains(name))
            return false;
        TimeSpan after = TimeSpan.FromMilliseconds(afterMs);
        _set.Add(name, context.Schedule(after, AlarmsCommands.Ring(name, context.Now + after)));
        return true;
    }

    [Command]
    public bool Stop(string name, CommandContext context)
    {
        if (!_set.Remove(name, out TimerId timer))
            return false;
        if (!context.Cancel(timer))
            _wrong++;
        return true;
    }

    [Command]
    public void Ring(string name, DateTimeOffset due, CommandContext context)
    {
        if (context.Timer is not { } timer)
            throw new CommandRejectedException("not_yours", "Only the clock rings alarms.");
        bool isSet = _set.Remove(name, out TimerId expected);
        if (!isSet || expected != timer || context.Now < due || !_rung.Add(name) || context.Cancel(timer))
            _wrong++;
    }

    [Query]
    public bool HasRung(string name) => _rung.Contains(name);
}
