using ReplicatedState.Events;
using ReplicatedState.Timers;

namespace ReplicatedState;

/// <summary>What a machine's commands leave behind besides its state: timers and events. Those of the command that runs count only if it doesn't throw.</summary>
/// <param name="machineName">The machine's name.</param>
/// <param name="machine">The machine.</param>
internal sealed class CommandEffects(string machineName, IStateMachine machine)
{
    /// <summary>The machine's name.</summary>
    public string MachineName => machineName;

    /// <summary>The machine; a migration or a restore puts another in its place.</summary>
    public IStateMachine Machine { get; set; } = machine;

    /// <summary>The timers.</summary>
    public TimerQueue Timers { get; init; } = new();

    /// <summary>The events.</summary>
    public EventLog Events { get; init; } = new();

    /// <summary>The command at this index has run.</summary>
    public void Commit(ulong index, long timeMs)
    {
        Timers.Commit();
        Events.Commit(index, timeMs);
    }

    /// <summary>The command has thrown.</summary>
    public void Rollback()
    {
        Timers.Rollback();
        Events.Rollback();
    }
}
