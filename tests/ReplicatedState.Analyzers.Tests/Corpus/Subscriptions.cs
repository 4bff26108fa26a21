/// <summary>Who is told about which topic; topics are told in the order of their names.</summary>
[ReplicatedStateMachine("subscriptions")]
public sealed partial class Subscriptions
{
    [State] private readonly Dictionary<string, SortedSet<long>> _topics = [];

    [Command]
    public void Subscribe(string topic, long who)
    {
        if (!_topics.TryGetValue(topic, out SortedSet<long>? subscribers))
            _topics.Add(topic, subscribers = []);
        subscribers.Add(who);
    }

    [Command]
    public string Describe(long who)
    {
        // PLANT RSM1008: IEnumerable<string> topics = _topics.Where(pair => pair.Value.Contains(who)).Select(pair => pair.Key); return string.Join(", ", topics);
        IEnumerable<string> topics = _topics.Where(pair => pair.Value.Contains(who)).Select(pair => pair.Key).Order(StringComparer.Ordinal); return string.Join(", ", topics);
    }

    [Query]
    public long[] Subscribers(string topic) => _topics.TryGetValue(topic, out SortedSet<long>? subscribers) ? [.. subscribers] : [];
}
