using MessagePack;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>A copy of what an observer was told of one entry.</summary>
internal sealed record Answer(ulong Index, ulong Term, ReplyStatus Status, string Body, string? Code, string? Message)
{
    /// <summary>The result of a command that answers with a number.</summary>
    public long Number
    {
        get
        {
            var reader = new MessagePackReader(Convert.FromHexString(Body));
            return reader.ReadInt64();
        }
    }

    /// <summary>The part that every replica must agree on.</summary>
    public (ulong Index, ulong Term, ReplyStatus Status, string Body, string? Code) Replicated => (Index, Term, Status, Body, Code);
}
