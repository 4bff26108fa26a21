namespace ReplicatedState.Testing.Replay;

/// <summary>How a machine answered a command or a query: comparable byte by byte.</summary>
/// <param name="Status">Ok, Rejected or Failed.</param>
/// <param name="Code">Rejected: the machine's code. Failed: the exception's type.</param>
/// <param name="Message">Rejected: the machine's sentence. Of a failure the message is the replica's own affair.</param>
/// <param name="Body">Ok: the encoded result.</param>
internal sealed record RecordedReply(ReplyStatus Status, string? Code, string? Message, ReadOnlyMemory<byte> Body)
{
    public bool Equals(RecordedReply? other) =>
        other is not null && Status == other.Status && Code == other.Code && Message == other.Message && Body.Span.SequenceEqual(other.Body.Span);

    public override int GetHashCode() => HashCode.Combine(Status, Code, Body.Length);

    public override string ToString() => Status switch
    {
        ReplyStatus.Ok => CallText.Of(Body),
        ReplyStatus.Rejected => $"rejected as '{Code}': {Message}",
        ReplyStatus.Failed => $"failed with {Code}",
        _ => $"{Status}",
    };
}
