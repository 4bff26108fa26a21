namespace ReplicatedState.Runtime.Storage;

/// <summary>Where an entry is, and its term. Without a segment the entry is known to exist, and its place isn't known yet.</summary>
internal readonly record struct EntryPlace(JournalSegment? Segment, long Offset, int SizeBytes, uint Batch, ulong Term);
