namespace ReplicatedState.Testing.Histories;

/// <summary>What can be done to a register.</summary>
public enum RegisterCallKind : byte
{
    /// <summary>Answers the value.</summary>
    Read,

    /// <summary>Replaces the value.</summary>
    Write,

    /// <summary>Replaces the value where it is the expected one, and answers whether it was.</summary>
    CompareAndSet,

    /// <summary>Puts a text behind the value.</summary>
    Append,
}
