namespace ReplicatedState.Testing.Histories;

/// <summary>What a client knows of its operation when it stops waiting.</summary>
public enum OperationStatus : byte
{
    /// <summary>Executed between call and return, with the result that was returned.</summary>
    Ok,

    /// <summary>Certainly not executed, neither before nor after the return.</summary>
    Fail,

    /// <summary>Nobody can tell: it takes effect at any time after the call, or never.</summary>
    Unknown,
}
