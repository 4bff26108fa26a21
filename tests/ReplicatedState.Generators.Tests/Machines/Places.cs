namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A machine whose commands take structures and numbers only.</summary>
[ReplicatedStateMachine("places")]
internal sealed partial class Places
{
    [State] private readonly Dictionary<string, Point[]> _places = [];
    [State] private long _total;

    [Command]
    public void Put(Dictionary<string, Point[]> places)
    {
        foreach (var (name, points) in places)
            _places[name] = points;
    }

    [Command]
    public Point Move(int x, long y)
    {
        _total += x;
        return new Point(x, (int)y);
    }

    [Query]
    public long Total() => _total;
}
