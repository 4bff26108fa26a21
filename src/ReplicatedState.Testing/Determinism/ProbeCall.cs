using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Determinism;

/// <summary>One call, and what the first machine made of it.</summary>
internal sealed record ProbeCall(bool IsQuery, bool InPages, byte[] Payload, CommandStamp Stamp, ProbeOutcome Outcome);

/// <summary>What came of a call: the answer, and the state behind it.</summary>
internal sealed record ProbeOutcome(RecordedReply Reply, UInt128 StateHash);
