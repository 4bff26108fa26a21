namespace ReplicatedState.Runtime.Node;

/// <summary>The hashes of whole states, taken by all replicas of a group at one index.</summary>
/// <param name="Index">The index.</param>
/// <param name="Hash">The leader's hash there.</param>
/// <param name="Equal">The members that have the same, the leader among them.</param>
/// <param name="Differing">Those that have another, or whose state isn't trusted anyway.</param>
/// <param name="Silent">Those that haven't said yet: they are behind, or away.</param>
public sealed record StateComparison(ulong Index, UInt128 Hash, IReadOnlyList<string> Equal, IReadOnlyList<string> Differing, IReadOnlyList<string> Silent);
