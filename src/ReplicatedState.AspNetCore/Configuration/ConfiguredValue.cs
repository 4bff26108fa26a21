namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>One value somewhere below section <c>consensus</c>.</summary>
/// <param name="Segments">Its path below the section, as it was written.</param>
/// <param name="Text">The value.</param>
/// <param name="Origin">The file or other source that it stands in.</param>
internal sealed record ConfiguredValue(IReadOnlyList<string> Segments, string Text, string Origin)
{
    /// <summary>The path for comparing with others.</summary>
    public string NormalizedPath { get; } = string.Join('.', Segments.Select(KeyName.Normalize));

    /// <summary>The path for people.</summary>
    public string WrittenPath { get; } = string.Join('.', Segments);
}
