using ReplicatedState.Consensus;

namespace ReplicatedState.Runtime.Requests;

/// <summary>A client's call on its way through the node. Adapters derive from it, and may pool it after <see cref="Complete"/>.</summary>
public abstract class NodeRequest
{
    /// <summary>What is asked.</summary>
    public RequestKind Kind { get; set; }

    /// <summary>The machine instance; null where the node hosts only one.</summary>
    public string? Machine { get; set; }

    /// <summary>Commands: the client session, or 0 for none. CloseSession: which.</summary>
    public ulong Session { get; set; }

    /// <summary>Commands in a session: counts from 1.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Commands in a session: every sequence up to this one has been answered, and its reply may be forgotten.</summary>
    public ulong AcknowledgedUpTo { get; set; }

    /// <summary>Commands without a session: up to 64 bytes under which the reply is kept; empty for none.</summary>
    public ReadOnlyMemory<byte> IdempotencyKey { get; set; }

    /// <summary>Who asks, for <see cref="CommandContext.Caller"/>.</summary>
    public string Caller { get; set; } = "anonymous";

    /// <summary>Queries: how recent.</summary>
    public ReadConsistency Consistency { get; set; }

    /// <summary>Queries: the result is a sequence and wanted in pages.</summary>
    public bool InPages { get; set; }

    /// <summary>Page: which result, as <see cref="NodeReply.Cursor"/> said.</summary>
    public ulong Cursor { get; set; }

    /// <summary>Page: which page, from 1 on; 0 where no more are wanted. A retry repeats it.</summary>
    public uint Page { get; set; }

    /// <summary>The encoded command or query, a flat array <c>[id, argument…]</c>. The request holds a reference until it completes; the node releases it.</summary>
    public Payload Payload { get; set; }

    /// <summary>Commands: the machine version that has to be in effect, as the node found it when it admitted the call.</summary>
    internal int Since { get; set; }

    /// <summary>When the caller stops waiting, by <see cref="Scheduling.IClock.MonotonicMs"/>; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineMs { get; set; } = long.MaxValue;

    /// <summary>The answer. Called exactly once, on a thread of the node; must not block. The reply's memory is valid during the call only.</summary>
    public abstract void Complete(in NodeReply reply);
}
