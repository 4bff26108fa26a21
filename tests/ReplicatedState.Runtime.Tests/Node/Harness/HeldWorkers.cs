using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>Lets the workers of machines wait for as long as a test wants, as a command, a capture or a restore that takes so long would.</summary>
internal sealed class HeldWorkers(IScheduler inner) : IScheduler
{
    private readonly List<Worker> _workers = [];
    private Predicate<string> _isHeld = static _ => false;

    /// <summary>Workers that there are.</summary>
    public int Count => _workers.Count;

    /// <summary>From now on no turn of the workers with these names happens.</summary>
    public void Hold(Predicate<string> which) => _isHeld = which;

    /// <summary>Everything that waited happens, and nothing waits any more.</summary>
    public void Release()
    {
        _isHeld = static _ => false;
        foreach (Worker worker in _workers)
            worker.Release();
    }

    public IWakeHandle Add(IActor actor)
    {
        if (!actor.Name.StartsWith("apply", StringComparison.Ordinal))
            return inner.Add(actor);
        var worker = new Worker(this, actor);
        _workers.Add(worker);
        return worker.Wake = inner.Add(worker);
    }

    public void Remove(IActor actor)
    {
        if (_workers.Find(candidate => ReferenceEquals(candidate.Actor, actor)) is { } worker)
        {
            _workers.Remove(worker);
            actor = worker;
        }

        inner.Remove(actor);
    }

    private sealed class Worker(HeldWorkers workers, IActor actor) : IActor
    {
        public IActor Actor => actor;

        public string Name => actor.Name;

        public bool Waits { get; private set; }

        public IWakeHandle? Wake { get; set; }

        public bool RunOnce()
        {
            Waits = workers._isHeld(Name);
            return !Waits && actor.RunOnce();
        }

        public void Release()
        {
            if (Waits)
                Wake!.Wake();
        }
    }
}
