namespace ReplicatedState.Client.Tests.Scripted;

/// <summary>One attempt as a node received it.</summary>
internal sealed record Sent(
    string Address, ClientCallKind Kind, string? Machine, ulong Session, ulong Sequence, ulong AcknowledgedUpTo, ReadConsistency Consistency, string Payload,
    string Key)
{
    public bool InPages { get; init; }

    public ulong Cursor { get; init; }

    public uint Page { get; init; }
}
