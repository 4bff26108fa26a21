using System.Collections.Generic;
using Microsoft.CodeAnalysis.CSharp;

namespace ReplicatedState.Generators.Emit;

/// <summary>Names of local variables in one emitted method, each given once.</summary>
internal sealed class LocalNames(params string[] taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>The name, in camel case, or with a number behind it where it is taken.</summary>
    public string Take(string name)
    {
        string camel = name.TrimStart('@', '_');
        camel = camel.Length == 0 ? "value" : char.ToLowerInvariant(camel[0]) + camel.Substring(1);
        if (SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None || !SyntaxFacts.IsValidIdentifier(camel))
            camel = $"the{char.ToUpperInvariant(camel[0])}{camel.Substring(1)}";
        string candidate = camel;
        for (int i = 2; !_taken.Add(candidate); i++)
            candidate = camel + i;
        return candidate;
    }
}
