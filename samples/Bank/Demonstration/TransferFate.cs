namespace BankSample.Demonstration;

/// <summary>What its sender was told about a transfer.</summary>
internal enum TransferFate : byte
{
    /// <summary>Done: it must be in the books exactly once, for ever.</summary>
    Acknowledged,

    /// <summary>The bank said no, or the cluster refused it: it must not be in the books.</summary>
    Refused,

    /// <summary>Nobody could tell: it may be in the books once, or not at all.</summary>
    Unknown,
}

/// <summary>One transfer that was sent.</summary>
internal readonly record struct SentTransfer(Guid Id, TransferFate Fate);
