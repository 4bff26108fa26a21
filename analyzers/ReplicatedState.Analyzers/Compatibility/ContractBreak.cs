using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>How a declaration breaks with what was released.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Word">What the message has to add.</param>
/// <param name="Fact">What a fix needs to know: the released name, number or numbers, the released version, or the parameter that is new.</param>
internal sealed record ContractBreak(DiagnosticDescriptor Rule, string Word, string? Fact = null)
{
    /// <summary>The property of a diagnostic that holds <see cref="Fact"/>.</summary>
    internal const string FactProperty = "Fact";

    /// <summary>The property of a diagnostic that holds the version of the machine that was released.</summary>
    internal const string ReleasedProperty = "Released";

    public ImmutableDictionary<string, string?> ToProperties(int releasedVersion) =>
        ImmutableDictionary<string, string?>.Empty.Add(FactProperty, Fact).Add(ReleasedProperty, $"{releasedVersion}");
}
