using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Runs one node's actors, one turn at a time, when the simulation says so. A new one for every life of the node.</summary>
/// <param name="clock">The node's time.</param>
/// <param name="planTurn">Plans a turn of the actor with this number; the flag tells a wake-up by others from a wish for a time.</param>
internal sealed class SimulatedScheduler(IClock clock, Action<int, long, bool> planTurn) : IScheduler
{
    private readonly List<Slot> _slots = [];

    /// <summary>Whose turn it is, for traces and delays.</summary>
    public string NameOf(int number) => _slots[number].Actor.Name;

    public IWakeHandle Add(IActor actor)
    {
        var slot = new Slot(this, _slots.Count, actor);
        _slots.Add(slot);
        slot.Wake(); // a thread's first turn comes without being asked for
        return slot;
    }

    public void Remove(IActor actor)
    {
        foreach (Slot slot in _slots)
            slot.IsRemoved |= ReferenceEquals(slot.Actor, actor);
    }

    /// <summary>A planned turn has come; false where it isn't wanted any more.</summary>
    public bool Run(int number, bool byWish)
    {
        Slot slot = _slots[number];
        if (slot.IsRemoved)
            return false;
        if (byWish)
        {
            if (slot.WishMs == long.MaxValue || slot.WishMs > clock.MonotonicMs)
                return false;
            slot.WishMs = long.MaxValue;
        }
        else
        {
            slot.IsPlanned = false;
        }

        if (slot.Actor.RunOnce())
            slot.Wake();
        return true;
    }

    private sealed class Slot(SimulatedScheduler scheduler, int number, IActor actor) : IWakeHandle
    {
        public IActor Actor => actor;

        public bool IsRemoved { get; set; }

        public bool IsPlanned { get; set; }

        public long WishMs { get; set; } = long.MaxValue;

        public void Wake()
        {
            if (IsPlanned || IsRemoved)
                return;
            IsPlanned = true;
            scheduler.PlanTurn(number, 0, byWish: false);
        }

        public void WakeAt(long monotonicMs)
        {
            if (monotonicMs == WishMs)
                return;
            WishMs = monotonicMs;
            if (monotonicMs != long.MaxValue)
                scheduler.PlanTurn(number, monotonicMs, byWish: true);
        }
    }

    private void PlanTurn(int number, long atMs, bool byWish) => planTurn(number, atMs, byWish);
}
