namespace ReplicatedState.Testing.NodeLevel;

/// <summary>How many commands were executed, and the last of each client; clients are numbered from 1. What a read shows; without clients, what an append answers.</summary>
internal sealed class RegisterMachineState(ulong total, ulong[] lastOf) : IEquatable<RegisterMachineState>
{
    public ulong Total => total;

    public ReadOnlySpan<ulong> LastOf => lastOf;

    public bool Equals(RegisterMachineState? other) => other is not null && total == other.Total && LastOf.SequenceEqual(other.LastOf);

    public override bool Equals(object? obj) => Equals(obj as RegisterMachineState);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(total);
        foreach (ulong last in lastOf)
            hash.Add(last);
        return hash.ToHashCode();
    }

    public override string ToString() => lastOf.Length == 0
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{total}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{total} ({string.Join(' ', lastOf)})");
}
