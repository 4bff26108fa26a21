namespace ReplicatedState.Testing.NodeLevel;

/// <summary>How much of a fault there is in a run.</summary>
/// <param name="Value">Usually the mean time between two, in microseconds; 0 for never. <see cref="FaultKind"/> says where it is something else.</param>
/// <param name="Detail">What <see cref="FaultKind"/> says.</param>
public readonly record struct FaultSetting(int Value, int Detail = 0);
