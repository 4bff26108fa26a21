namespace ReplicatedState.Batches;

/// <summary>How one command of a batch ended.</summary>
/// <param name="Status">Ok, Rejected, Failed, or ReplyUnavailable where its result had no room in the reply.</param>
/// <param name="Result">Ok: the encoded result.</param>
/// <param name="Code">Rejected: the machine's code. Failed: the exception's type.</param>
/// <param name="Message">Rejected: the machine's sentence.</param>
internal readonly record struct BatchOutcome(ReplyStatus Status, ReadOnlyMemory<byte> Result, string? Code, string? Message);
