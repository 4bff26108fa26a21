namespace ReplicatedState.Runtime.Apply.Sessions;

/// <summary>A place in a <see cref="ReplyStore"/>. The default value is no bytes at all, and needs no place.</summary>
internal readonly record struct StoredBytes(int Page, int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}
