using System.Globalization;
using ReplicatedState.Testing.Replay;
using ReplicatedState.Timers;

namespace ReplicatedState.Testing.Determinism;

/// <summary>Executes calls on one machine, under the culture that nodes use, or under a foreign one.</summary>
internal sealed class ProbeReplay(StateMachineDefinition definition, CultureInfo? culture = null)
{
    private readonly MachineReplica _replica = new(definition);

    /// <summary>Executes what was recorded.</summary>
    /// <param name="definition">The machine.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="snapshotEvery">After how many commands the machine is restored from its own snapshot; 0 for never.</param>
    /// <param name="isForeign">Whether under a foreign culture.</param>
    public static ProbeOutcome[] Run(StateMachineDefinition definition, IReadOnlyList<ProbeCall> calls, int snapshotEvery, bool isForeign)
    {
        var replay = new ProbeReplay(definition, isForeign ? ForeignCulture.Make() : null);
        var outcomes = new ProbeOutcome[calls.Count];
        int commands = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = replay.Execute(calls[i].Payload, calls[i].IsQuery, calls[i].InPages, calls[i].Stamp);
            if (!calls[i].IsQuery && ++commands % Math.Max(snapshotEvery, 1) == 0 && snapshotEvery > 0)
                replay._replica.RestoreFromSnapshot();
        }

        return outcomes;
    }

    /// <summary>The timers that commands have set.</summary>
    public TimerQueue Timers => _replica.Timers;

    public ProbeOutcome Execute(byte[] payload, bool isQuery, bool inPages, in CommandStamp stamp)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture ?? CultureInfo.InvariantCulture;
        try
        {
            RecordedReply reply = isQuery ? _replica.Query(payload, inPages) : _replica.Apply(payload, stamp);
            return new ProbeOutcome(reply, _replica.ComputeStateHash());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
