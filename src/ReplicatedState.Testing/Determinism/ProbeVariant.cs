using System.Globalization;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Determinism;

/// <summary>One way to execute the calls again.</summary>
/// <param name="Name">In words.</param>
/// <param name="Hint">What usually is the reason where it makes a difference.</param>
internal sealed record ProbeVariant(string Name, string Hint)
{
    /// <summary>After how many commands the machine is restored from its own snapshot; 0 for never.</summary>
    public int SnapshotEvery { get; private init; }

    /// <summary>Whether under a foreign culture.</summary>
    public bool IsForeign { get; private init; }

    /// <summary>In a process of its own; null for in this one.</summary>
    public ProbeSurroundings? Process { get; private init; }

    public static IEnumerable<ProbeVariant> InProcess(int snapshotEvery) =>
    [
        new("on a second machine", "the clock, random numbers, GUIDs, thread numbers, or static fields; take time and randomness from the CommandContext, and keep state in [State] members"),
        new(
            string.Create(CultureInfo.InvariantCulture, $"on a machine that is restored from its snapshot every {snapshotEvery} commands"),
            "state outside of [State] members, or the order of a Dictionary or HashSet, which is another one after a restore; use sorted collections or lists") { SnapshotEvery = snapshotEvery },
        new("under another culture", "formatting, parsing, casing or comparison by the current culture; pass CultureInfo.InvariantCulture or StringComparison.Ordinal") { IsForeign = true },
    ];

    public static IEnumerable<ProbeVariant> InProcesses =>
    [
        new("in another process", "hash codes of strings or HashCode.Combine, which each process seeds anew, or the process, the environment or the machine") { Process = ProbeSurroundings.Same },
        new(
            "in a process with another time zone and the other globalization mode",
            "the local time zone, or comparison, casing or names by a culture's data, the invariant one's included; use UTC and StringComparison.Ordinal") { Process = ProbeSurroundings.Other },
    ];

    /// <summary>The first difference, as a sentence; null where there is none.</summary>
    public string? FirstDifference(StateMachineManifest manifest, ProbeCall[] calls, ProbeOutcome[] outcomes)
    {
        for (int i = 0; i < calls.Length; i++)
        {
            ProbeOutcome right = calls[i].Outcome;
            bool answersDiffer = !right.Reply.Equals(outcomes[i].Reply);
            if (!answersDiffer && right.StateHash == outcomes[i].StateHash)
                continue;
            string what = answersDiffer ? $"answered {outcomes[i].Reply}, and {right.Reply} the first time" : "left another state than the first time";
            return string.Create(CultureInfo.InvariantCulture, $"Executed again {Name}, call {i + 1}, {CallText.OfCall(manifest, calls[i].Payload)}, {what}. Usual reasons: {Hint}.");
        }

        return null;
    }
}

/// <summary>What is around a process that executes calls again.</summary>
internal enum ProbeSurroundings
{
    /// <summary>The same as around this one.</summary>
    Same,

    /// <summary>Another time zone, the other globalization mode.</summary>
    Other,
}
