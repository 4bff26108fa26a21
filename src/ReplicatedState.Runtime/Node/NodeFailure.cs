namespace ReplicatedState.Runtime.Node;

/// <summary>Why a node stopped itself rather than guess.</summary>
/// <param name="Sentence">What happened and what to do, for an operator.</param>
/// <param name="Cause">The exception behind it.</param>
public sealed record NodeFailure(string Sentence, Exception? Cause);
