using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>Lets actors wait for as long as a test wants: machines' workers as a command, a capture or a restore that takes so long would, storage as a slow disk would.</summary>
internal sealed class HeldActors(IScheduler inner) : IScheduler
{
    private readonly List<Held> _actors = [];
    private Predicate<string> _isHeld = static _ => false;

    /// <summary>Machines' workers that there are.</summary>
    public int Workers => _actors.Count(actor => actor.Name.StartsWith("apply", StringComparison.Ordinal));

    /// <summary>From now on no turn of the actors with these names happens.</summary>
    public void Hold(Predicate<string> which) => _isHeld = which;

    /// <summary>Everything that waited happens, and nothing waits any more.</summary>
    public void Release()
    {
        _isHeld = static _ => false;
        foreach (Held actor in _actors)
            actor.Release();
    }

    public IWakeHandle Add(IActor actor)
    {
        var held = new Held(this, actor);
        _actors.Add(held);
        return held.Wake = inner.Add(held);
    }

    public void Remove(IActor actor)
    {
        if (_actors.Find(candidate => ReferenceEquals(candidate.Actor, actor)) is not { } held)
            return;
        _actors.Remove(held);
        inner.Remove(held);
    }

    private sealed class Held(HeldActors actors, IActor actor) : IActor
    {
        private bool _waits;

        public IActor Actor => actor;

        public string Name => actor.Name;

        public IWakeHandle? Wake { get; set; }

        public bool RunOnce()
        {
            _waits = actors._isHeld(Name);
            return !_waits && actor.RunOnce();
        }

        public void Release()
        {
            if (_waits)
                Wake!.Wake();
        }
    }
}
