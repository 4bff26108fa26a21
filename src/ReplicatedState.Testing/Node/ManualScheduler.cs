using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Testing;

/// <summary>Runs actors on the caller's thread, one turn at a time, in an order that the seed decides: whole nodes become a single-threaded, repeatable program.</summary>
/// <remarks>Not safe for concurrent use. Time passes only by the clock that it is given.</remarks>
public sealed class ManualScheduler(IClock clock, SeededRandom? order = null) : IScheduler
{
    private readonly List<Slot> _slots = [];

    /// <summary>Turns run so far.</summary>
    public long Turns { get; private set; }

    /// <summary>The earliest moment, by <see cref="IClock.MonotonicMs"/>, at which an actor wants a turn; <see cref="long.MaxValue"/> where none does.</summary>
    public long NextWakeMs
    {
        get
        {
            long next = long.MaxValue;
            foreach (Slot slot in _slots)
                next = Math.Min(next, slot.WakeAtMs);
            return next;
        }
    }

    /// <inheritdoc/>
    public IWakeHandle Add(IActor actor)
    {
        var slot = new Slot(actor);
        _slots.Add(slot);
        return slot;
    }

    /// <inheritdoc/>
    public void Remove(IActor actor) => _slots.RemoveAll(slot => ReferenceEquals(slot.Actor, actor));

    /// <summary>How often an idle actor was woken by another one: what would have been the waking of a thread.</summary>
    public long WakeUps(Predicate<IActor> which)
    {
        long wakeUps = 0;
        foreach (Slot slot in _slots)
        {
            if (which(slot.Actor))
                wakeUps += slot.WakeUps;
        }

        return wakeUps;
    }

    /// <summary>Runs one turn of one actor that has something to do; false where none has.</summary>
    public bool RunOne()
    {
        int ready = 0;
        long now = clock.MonotonicMs;
        foreach (Slot slot in _slots)
        {
            if (slot.WakeAtMs <= now)
            {
                slot.WakeAtMs = long.MaxValue;
                slot.IsReady = true;
            }

            if (slot.IsReady)
                ready++;
        }

        if (ready == 0)
            return false;
        int chosen = order is null ? 0 : (int)order.Next((uint)ready);
        foreach (Slot slot in _slots)
        {
            if (!slot.IsReady || chosen-- > 0)
                continue;
            Turns++;
            slot.IsReady = false;
            slot.IsReady |= slot.Actor.RunOnce();
            return true;
        }

        return false;
    }

    /// <summary>Runs turns until no actor has anything to do at this moment.</summary>
    /// <param name="turnsMax">More turns than this mean that an actor never comes to rest.</param>
    /// <exception cref="InvalidOperationException">It doesn't.</exception>
    public void RunUntilIdle(int turnsMax = 1_000_000)
    {
        for (int turns = 0; RunOne(); turns++)
        {
            if (turns > turnsMax)
                throw new InvalidOperationException($"The actors didn't come to rest within {turnsMax} turns.");
        }
    }

    private sealed class Slot(IActor actor) : IWakeHandle
    {
        public IActor Actor { get; } = actor;

        public bool IsReady { get; set; }

        public long WakeAtMs { get; set; } = long.MaxValue;

        public long WakeUps { get; private set; }

        public void Wake()
        {
            if (!IsReady)
                WakeUps++;
            IsReady = true;
        }

        public void WakeAt(long monotonicMs) => WakeAtMs = monotonicMs;
    }
}
