namespace ReplicatedState.Testing.NodeLevel;

/// <summary>What may go wrong in a run, and how much of it. Immutable.</summary>
public sealed class NodeFaults : IEquatable<NodeFaults>
{
    private readonly FaultSetting[] _settings;

    private NodeFaults(FaultSetting[] settings) => _settings = settings;

    /// <summary>Nothing goes wrong.</summary>
    public static NodeFaults None { get; } = new(new FaultSetting[Enum.GetValues<FaultKind>().Length]);

    /// <summary>How much of it.</summary>
    public FaultSetting this[FaultKind kind] => _settings[(int)kind];

    /// <summary>The same, but for one kind.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="value">As in <see cref="FaultSetting.Value"/>.</param>
    /// <param name="detail">As in <see cref="FaultSetting.Detail"/>.</param>
    public NodeFaults With(FaultKind kind, int value, int detail = 0)
    {
        FaultSetting[] settings = [.. _settings];
        settings[(int)kind] = new FaultSetting(value, detail);
        return new NodeFaults(settings);
    }

    /// <inheritdoc/>
    public bool Equals(NodeFaults? other) => other is not null && _settings.AsSpan().SequenceEqual(other._settings);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeFaults);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (FaultSetting setting in _settings)
            hash.Add(setting);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Enum.GetValues<FaultKind>().Where(kind => this[kind].Value > 0).Select(kind => $"{kind} {this[kind].Value}"));
}
