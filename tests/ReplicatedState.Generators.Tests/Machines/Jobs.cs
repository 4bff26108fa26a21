namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A machine that hands out jobs of few priorities, many of them equal.</summary>
[ReplicatedStateMachine("jobs")]
public sealed partial class Jobs
{
    [State] private readonly PriorityQueue<string, int> _waiting = new();
    [State] private int _count;

    [Command]
    public void Add(int priority) => _waiting.Enqueue($"job {_count++}", priority);

    [Command]
    public void AddAll(int[] priorities) => _waiting.EnqueueRange(priorities.Select(priority => ($"job {_count++}", priority)));

    [Command]
    public void Replace(PriorityQueue<string, int> jobs)
    {
        _waiting.Clear();
        while (jobs.TryDequeue(out string? job, out int priority))
            _waiting.Enqueue(job, priority);
    }

    [Command]
    public bool Cancel(int number) => _waiting.Remove($"job {number}", out _, out _);

    [Command]
    public string? Take() => _waiting.TryDequeue(out string? job, out _) ? job : null;
}
