/// <summary>Who follows whom.</summary>
[ReplicatedStateMachine("graph")]
public sealed partial class Graph
{
    [State] private readonly Dictionary<long, HashSet<long>> _followers = [];

    [Command]
    public bool Follow(long who, long whom)
    {
        if (!_followers.TryGetValue(whom, out HashSet<long>? followers))
            _followers.Add(whom, followers = []);
        return followers.Add(who);
    }

    [Command]
    public bool Unfollow(long who, long whom) => _followers.TryGetValue(whom, out HashSet<long>? followers) && followers.Remove(who);

    [Command]
    public long[] Remove(long who)
    {
        foreach (HashSet<long> followers in _followers.Values)
            followers.Remove(who);
        if (!_followers.Remove(who, out HashSet<long>? own))
            return [];
        // PLANT RSM1008: return own.ToArray();
        return own.Order().ToArray();
    }

    [Query]
    public int Followers(long whom) => _followers.TryGetValue(whom, out HashSet<long>? followers) ? followers.Count : 0;
}
