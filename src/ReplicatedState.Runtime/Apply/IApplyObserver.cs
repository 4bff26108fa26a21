using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Hears what became of entries, on the thread that applies them. Sees everything and influences nothing: it must not throw.</summary>
public interface IApplyObserver
{
    /// <summary>An entry was applied. Every entry is reported, in order; the reply's memory is valid during the call only.</summary>
    void OnApplied(ulong index, ulong term, in NodeReply reply);

    /// <summary>A timer fired, before the entry at <paramref name="index"/>, and its command was executed; the reply's memory is valid during the call only.</summary>
    void OnTimerFired(ulong index, TimerId timer, in NodeReply reply);

    /// <summary>A command threw; told just before its <see cref="OnApplied"/> or <see cref="OnTimerFired"/>. For the log: only the exception's type name is replicated.</summary>
    void OnCommandFailed(ulong index, Exception exception);

    /// <summary>The machine stopped before the entry at <paramref name="index"/> was applied, for the reason given.</summary>
    void OnHalted(ulong index, string reason, Exception? cause);
}
