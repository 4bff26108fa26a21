using ReplicatedState.Testing.Determinism;

namespace ReplicatedState.Testing;

/// <summary>
/// Executes commands on a machine and then again: on a second machine; on one that is restored from its own snapshot every few commands; under another culture; in another process, which
/// hashes strings with another seed; and in one with another time zone and the other globalization mode. Answers are compared byte by byte, states by their hash after every command.
/// </summary>
/// <remarks>
/// It finds what the commands touch, and no more: give it many, with removals among them. What can't be found on one computer is a difference between processors or versions of the
/// runtime, such as of <c>Math.Sin</c>.
/// </remarks>
/// <typeparam name="TMachine">The class with <see cref="ReplicatedStateMachineAttribute"/>.</typeparam>
public sealed class DeterminismProbe<TMachine>
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    private readonly StateMachineDefinition _definition = StateMachineDefinition.Of<TMachine>();
    private int _snapshotEvery = 3;
    private bool _usesProcesses = true;

    internal DeterminismProbe()
    {
    }

    /// <summary>After how many commands the restored machine is restored again. 3 where it isn't said.</summary>
    /// <param name="commands">At least 1.</param>
    public DeterminismProbe<TMachine> SnapshotEvery(int commands)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(commands);
        _snapshotEvery = commands;
        return this;
    }

    /// <summary>Stays in this process, for hosts from which none can be started: hash codes, time zones and globalization modes are then not probed.</summary>
    public DeterminismProbe<TMachine> WithoutProcesses()
    {
        _usesProcesses = false;
        return this;
    }

    /// <summary>Probes the machine with the commands and queries that this code sends.</summary>
    /// <param name="calls">Makes the calls; they are executed at once, on one machine, and answered.</param>
    /// <typeparam name="TClient">The machine's generated client interface.</typeparam>
    /// <exception cref="NondeterminismException">Something differed; the message says what, where, and what usually is the reason.</exception>
    /// <exception cref="ArgumentException">The machine has another client interface.</exception>
    /// <exception cref="InvalidOperationException">No call was made, or no process could be started; the message says why, and what to do.</exception>
    public async Task<DeterminismReport> RunAsync<TClient>(Func<TClient, Task> calls)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(calls);
        if (!typeof(TClient).IsAssignableFrom(TMachine.ClientType))
            throw new ArgumentException($"The client of '{TMachine.Manifest.Name}' is {TMachine.ClientType}, not {typeof(TClient)}.", nameof(calls));
        var recording = new ProbeRecording(_definition);
        await calls((TClient)TMachine.CreateClient(recording)).ConfigureAwait(false);
        recording.FireTimers();
        ProbeCall[] recorded = [.. recording.Calls];
        if (recorded.Length == 0)
            throw new InvalidOperationException("The probe was given no calls, so it can't find anything.");

        List<ProbeVariant> variants = [.. ProbeVariant.InProcess(_snapshotEvery), .. _usesProcesses ? ProbeVariant.InProcesses : []];
        var differences = new List<string>();
        foreach (ProbeVariant variant in variants)
        {
            ProbeOutcome[] outcomes = variant.Process is { } process
                ? await ProbeProcess.RunAsync(typeof(TMachine), recorded, process).ConfigureAwait(false)
                : ProbeReplay.Run(_definition, recorded, variant.SnapshotEvery, variant.IsForeign);
            if (variant.FirstDifference(_definition.Manifest, recorded, outcomes) is { } difference)
                differences.Add(difference);
        }

        return differences.Count == 0
            ? new DeterminismReport(recorded.Count(c => !c.IsQuery), recorded.Count(c => c.IsQuery), [.. variants.Select(v => v.Name)])
            : throw new NondeterminismException(TMachine.Manifest.Name, differences);
    }
}
