namespace ReplicatedState.Testing.Histories;

/// <summary>An operation on a register, or on one key of a key-value store.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">Write, append: the text. Compare-and-set: what must be there.</param>
/// <param name="Replacement">Compare-and-set: what is there afterwards.</param>
public readonly record struct RegisterCall(RegisterCallKind Kind, RegisterValue Value = default, RegisterValue Replacement = default)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RegisterCallKind.Read => "read",
        RegisterCallKind.Write => $"write {Value}",
        RegisterCallKind.Append => $"append {Value}",
        _ => $"cas {Value} to {Replacement}",
    };
}
