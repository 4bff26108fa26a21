using System.Globalization;

#pragma warning disable CA1305, CA1310, CA5394, CA1308, CA2211, RS0030 // each machine here has a bug, on purpose

namespace ReplicatedState.Testing.Tests.Machines;

/// <summary>Answers with a number in the current culture.</summary>
[ReplicatedStateMachine("culture")]
public sealed partial class CultureHazard
{
    [State] private double _sum;

    [Command]
    public string Do(string name, int number) => (_sum += number / 4.0).ToString();
}

/// <summary>Keeps the order of a dictionary.</summary>
[ReplicatedStateMachine("dictionary")]
public sealed partial class DictionaryHazard
{
    [State] private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    [Command]
    public string Do(string name, int number)
    {
        if (!_numbers.Remove(name))
            _numbers.Add(name, number);
        return string.Join(' ', _numbers.Keys);
    }
}

/// <summary>Keeps the order of a set.</summary>
[ReplicatedStateMachine("set")]
public sealed partial class SetHazard
{
    [State] private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    [Command]
    public string Do(string name, int number)
    {
        if (!_names.Remove(name))
            _names.Add(name);
        return string.Join(' ', _names);
    }
}

/// <summary>Lets the hash code of a text escape.</summary>
[ReplicatedStateMachine("hash")]
public sealed partial class HashHazard
{
    [State] private int _hash;

    [Command]
    public void Do(string name, int number) => _hash ^= name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Lets a combined hash code decide.</summary>
[ReplicatedStateMachine("combined")]
public sealed partial class CombinedHashHazard
{
    [State] private long _sum;

    [Command]
    public long Do(string name, int number) => _sum += HashCode.Combine(number, 7);
}

/// <summary>Looks at the clock.</summary>
[ReplicatedStateMachine("clock")]
public sealed partial class ClockHazard
{
    [State] private DateTime _last;

    [Command]
    public void Do(string name, int number) => _last = DateTime.UtcNow;
}

/// <summary>Makes a GUID of its own.</summary>
[ReplicatedStateMachine("guid")]
public sealed partial class GuidHazard
{
    [State] private Guid _last;

    [Command]
    public Guid Do(string name, int number) => _last = Guid.NewGuid();
}

/// <summary>Throws dice.</summary>
[ReplicatedStateMachine("random")]
public sealed partial class RandomHazard
{
    [State] private long _sum;

    [Command]
    public long Do(string name, int number) => _sum += Random.Shared.Next();
}

/// <summary>Counts in a static field.</summary>
[ReplicatedStateMachine("static")]
public sealed partial class StaticHazard
{
    [State] private int _last;

    private static int s_count;

    [Command]
    public int Do(string name, int number) => _last = ++s_count;
}

/// <summary>Keeps something that the snapshot doesn't carry.</summary>
[ReplicatedStateMachine("forgotten")]
public sealed partial class ForgottenHazard
{
    [State] private int _last;

    [Transient] private int _count;

    [Command]
    public int Do(string name, int number) => _last = ++_count;
}

/// <summary>Asks for the local time of a moment.</summary>
[ReplicatedStateMachine("zone")]
public sealed partial class TimeZoneHazard
{
    [State] private DateTime _last;

    [Command]
    public void Do(string name, int number, CommandContext context) => _last = DateTime.SpecifyKind(context.Now.LocalDateTime, DateTimeKind.Unspecified);
}

/// <summary>Sorts as a culture does; the invariant one sorts differently where cultures are switched off.</summary>
[ReplicatedStateMachine("sorting")]
public sealed partial class SortingHazard
{
    [State] private int _smaller;

    [Command]
    public void Do(string name, int number) => _smaller += string.Compare(name, "B", CultureInfo.InvariantCulture, CompareOptions.None) < 0 ? 1 : 0;
}

/// <summary>Asks which process it is in.</summary>
[ReplicatedStateMachine("process")]
public sealed partial class ProcessHazard
{
    [State] private int _sum;

    [Command]
    public int Do(string name, int number) => _sum += Environment.ProcessId;
}
