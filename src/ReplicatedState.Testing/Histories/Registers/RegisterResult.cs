namespace ReplicatedState.Testing.Histories;

/// <summary>What a register answers.</summary>
/// <param name="Value">Read: the value.</param>
/// <param name="Swapped">Compare-and-set: whether the expected value was there.</param>
public readonly record struct RegisterResult(RegisterValue Value = default, bool Swapped = false);
