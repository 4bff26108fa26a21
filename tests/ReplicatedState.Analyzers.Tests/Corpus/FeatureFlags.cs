/// <summary>Flags that are on for a share of users, always the same ones.</summary>
[ReplicatedStateMachine("flags")]
public sealed partial class FeatureFlags
{
    [State] private readonly SortedDictionary<string, int> _percents = new(StringComparer.OrdinalIgnoreCase);
    [State] private readonly Dictionary<string, int> _assigned = [];

    [Command]
    public void Set(string flag, int percent) => _percents[flag] = Math.Clamp(percent, 0, 100);

    [Command]
    public bool Assign(string flag, string user)
    {
        // PLANT RSM1007: int slot = Math.Abs(user.GetHashCode() % 100);
        int slot = Slot(user);
        _assigned[user] = slot;
        return _percents.TryGetValue(flag, out int percent) && slot < percent;
    }

    [Query]
    public bool IsOn(string flag, string user) => _percents.TryGetValue(flag, out int percent) && Slot(user) < percent;

    private static int Slot(string user)
    {
        uint hash = 2166136261;
        foreach (char c in user)
            hash = (hash ^ c) * 16777619;
        return (int)(hash % 100);
    }
}
