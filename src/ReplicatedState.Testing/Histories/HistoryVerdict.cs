namespace ReplicatedState.Testing.Histories;

/// <summary>What a check found.</summary>
public enum HistoryVerdict : byte
{
    /// <summary>Some order of the operations explains every answer.</summary>
    Linearizable,

    /// <summary>No order does.</summary>
    NotLinearizable,

    /// <summary>The budget ended before either was shown. Never to be taken for a pass.</summary>
    Inconclusive,
}
