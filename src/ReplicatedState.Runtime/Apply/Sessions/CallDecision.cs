namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>What to do with a committed command.</summary>
internal enum CallDecision
{
    /// <summary>Execute it, and remember the reply.</summary>
    Execute,

    /// <summary>Don't: it was executed before, or is refused; the answer is at hand.</summary>
    Answer,
}
