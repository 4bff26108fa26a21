using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>What a node's append thread has to write, and what follows when it is written.</summary>
/// <param name="Work">As it is shown.</param>
/// <param name="Operation">The operation of our core; null where the reference engine writes a commit index alone, which ours never does for its own sake.</param>
/// <param name="Responses">What may leave then.</param>
/// <param name="ReportedByMessage">Whether the reference engine's node hears of it by a message, which the script delivers when it likes.</param>
internal sealed record AppendJob(ScriptMessage Work, Persist? Operation, IReadOnlyList<Envelope> Responses, bool ReportedByMessage);
