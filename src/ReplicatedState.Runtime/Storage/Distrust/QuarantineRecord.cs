using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Why a group's machine on this node isn't trusted. In the data directory as long as that holds.</summary>
/// <param name="Group">The group.</param>
/// <param name="Index">The entry at which it was found to differ: the difference came about there or before.</param>
/// <param name="Sentence">What happened and what to do, for operators.</param>
internal sealed record QuarantineRecord(GroupId Group, ulong Index, string Sentence);
