using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>Hands a node's actors on to another scheduler and measures what their turns allocate.</summary>
internal sealed class MeasuringScheduler(IScheduler inner) : IScheduler
{
    private readonly List<Measured> _actors = [];

    public long Allocated => _actors.Sum(actor => actor.Allocated);

    public string Describe() => string.Join(", ", _actors.Select(actor => $"{actor.Name} {actor.Allocated} bytes in {actor.Turns} turns"));

    public IWakeHandle Add(IActor actor)
    {
        var measured = new Measured(actor);
        _actors.Add(measured);
        return inner.Add(measured);
    }

    public void Remove(IActor actor)
    {
        Measured measured = _actors.Single(candidate => ReferenceEquals(candidate.Actor, actor));
        inner.Remove(measured);
    }

    /// <summary>An actor in disguise.</summary>
    internal sealed class Measured(IActor actor) : IActor
    {
        public IActor Actor { get; } = actor;

        public string Name => Actor.Name;

        public long Allocated { get; private set; }

        public long Turns { get; private set; }

        public bool RunOnce()
        {
            Turns++;
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool worked = Actor.RunOnce();
            Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            return worked;
        }
    }
}
