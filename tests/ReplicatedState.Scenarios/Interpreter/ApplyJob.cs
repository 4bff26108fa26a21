using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>Entries that a node's apply thread has to apply.</summary>
internal sealed record ApplyJob(ScriptMessage Work, ulong Through, ulong Bytes);
