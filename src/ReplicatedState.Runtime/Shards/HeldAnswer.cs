using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Shards;

/// <summary>A query that the worker ran by a lease, and its reply, which waits for the shard: it alone can tell whether the lease still holds.</summary>
/// <param name="Query">The query.</param>
/// <param name="Read">The lease's word.</param>
/// <param name="Status">How the query ended.</param>
/// <param name="Code">As in a reply.</param>
/// <param name="Message">As in a reply.</param>
/// <param name="Applied">The index that the state had applied.</param>
/// <param name="BodyStart">Where the result begins in the batch's bytes.</param>
/// <param name="BodyLength">Its length.</param>
/// <param name="Rest">The pages behind it, where it is the first of several.</param>
internal readonly record struct HeldAnswer(NodeRequest Query, ConfirmedRead Read, ReplyStatus Status, string? Code, string? Message, ulong Applied, int BodyStart, int BodyLength, PagedResult? Rest);
