/// <summary>Releases that roll out stage by stage.</summary>
[ReplicatedStateMachine("deployments")]
public sealed partial class Deployments
{
    [State] private readonly OrderedDictionary<string, int> _stages = [];
    [State] private string _current = "";

    [Command]
    public void Begin(string release)
    {
        _current = release;
        _stages.Clear();
        foreach (string stage in (string[])["canary", "small", "all"])
            _stages.Add(stage, 0);
    }

    [Command]
    public string? Advance()
    {
        foreach ((string stage, int done) in _stages)
        {
            if (done != 0)
                continue;
            // PLANT RSM1003: lock (_stages) { _stages[stage] = 1; }
            _stages[stage] = 1;
            return stage;
        }

        return null;
    }

    [Query]
    public string Current() => _current;
}
