namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>What is remembered of an executed command. Too long a reply leaves <see cref="ReplyStatus.ReplyUnavailable"/>: executed, reply gone.</summary>
internal readonly record struct KeptReply(ReplyStatus Status, StoredBytes Bytes);
