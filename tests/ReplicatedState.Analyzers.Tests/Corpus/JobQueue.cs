/// <summary>Jobs that workers take, finish, or lose when they are silent for too long.</summary>
[ReplicatedStateMachine("jobs")]
public sealed partial class JobQueue
{
    [State] private readonly Queue<long> _waiting = new();
    [State] private readonly Dictionary<long, Job> _jobs = [];
    [State] private long _last;

    [Command]
    public long Enqueue(string payload)
    {
        long id = ++_last;
        _jobs.Add(id, new Job(id, payload, null, default));
        _waiting.Enqueue(id);
        return id;
    }

    [Command]
    public Job? Take(string worker, TimeSpan timeout, CommandContext context)
    {
        RequeueLost(context.Now);
        if (!_waiting.TryDequeue(out long id))
            return null;
        Job job = _jobs[id] with { Worker = worker, Deadline = context.Now + timeout };
        _jobs[id] = job;
        return job;
    }

    [Command]
    public bool Finish(long id) => _jobs.Remove(id);

    [Query]
    public int Waiting() => _waiting.Count;

    private void RequeueLost(DateTimeOffset now)
    {
        // PLANT RSM1008: foreach (Job job in _jobs.Values.Where(job => job.Worker is not null && job.Deadline < now).ToList())
        foreach (Job job in _jobs.Values.Where(job => job.Worker is not null && job.Deadline < now).OrderBy(job => job.Id).ToList())
        {
            _jobs[job.Id] = job with { Worker = null };
            _waiting.Enqueue(job.Id);
        }
    }
}

public sealed record Job(long Id, string Payload, string? Worker, DateTimeOffset Deadline);

/// <summary>A worker, which takes jobs as long as there are any.</summary>
// PLANT RSM2003: public sealed class Worker(IJobQueueClient jobs, JobQueue queue) { public async Task<int> RunAsync() { int done = 0; while (queue.Waiting() > 0 && await TakeAsync()) done++; return done; }
public sealed class Worker(IJobQueueClient jobs) { public async Task<int> RunAsync() { int done = 0; while (await jobs.WaitingAsync() > 0 && await TakeAsync()) done++; return done; }
    private async Task<bool> TakeAsync() => await jobs.TakeAsync("worker", TimeSpan.FromMinutes(1)) is { } job && await jobs.FinishAsync(job.Id);
}
