namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>What is remembered under an idempotency key. Key and reply lie end to end in one place of the <see cref="ReplyStore"/>.</summary>
internal readonly record struct KeyedReply(long FirstUsedMs, ReplyStatus Status, int KeyLength, StoredBytes KeyAndReply);
