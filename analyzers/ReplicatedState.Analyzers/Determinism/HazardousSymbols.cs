using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>A table of symbols that code of a machine must not touch, by documentation id. The most specific line that covers a symbol decides.</summary>
internal sealed class HazardousSymbols
{
    private const string AllOverloads = "(*)";

    private readonly Dictionary<string, SymbolVerdict> _verdicts;

    private HazardousSymbols(Dictionary<string, SymbolVerdict> verdicts) => _verdicts = verdicts;

    /// <summary>The table that ships with the analyzer.</summary>
    public static HazardousSymbols BuiltIn { get; } = ReadBuiltIn();

    /// <summary>The symbols of a project's own file: a documentation id, and after a semicolon why; <c>!</c> allows what the built-in table refuses.</summary>
    public static HazardousSymbols OfProject(IEnumerable<string> lines)
    {
        var verdicts = new Dictionary<string, SymbolVerdict>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            int semicolon = text.IndexOf(';');
            string id = (semicolon < 0 ? text : text.Substring(0, semicolon)).Trim();
            string why = semicolon < 0 ? "" : text.Substring(semicolon + 1).Trim();
            Add(verdicts, id, DeterminismRules.BannedByProject, why);
        }

        return new HazardousSymbols(verdicts);
    }

    /// <summary>What the table says about a symbol; null where it says nothing.</summary>
    public SymbolVerdict? Find(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (symbol.GetDocumentationCommentId() is { } id)
        {
            if (_verdicts.TryGetValue(id, out SymbolVerdict exact))
                return exact;
            if (symbol is IMethodSymbol && _verdicts.TryGetValue(WithoutSignature(id) + AllOverloads, out SymbolVerdict overloads))
                return overloads;
        }

        for (INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (_verdicts.TryGetValue(type.OriginalDefinition.GetDocumentationCommentId() ?? "", out SymbolVerdict ofType))
                return ofType;
        }

        for (INamespaceSymbol? space = symbol.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (_verdicts.TryGetValue("N:" + space.ToDisplayString(), out SymbolVerdict ofSpace))
                return ofSpace;
        }

        return null;
    }

    private static string WithoutSignature(string id)
    {
        int end = id.IndexOf('(');
        string name = end < 0 ? id : id.Substring(0, end);
        int arity = name.IndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? name : name.Substring(0, arity);
    }

    private static HazardousSymbols ReadBuiltIn()
    {
        var verdicts = new Dictionary<string, SymbolVerdict>(StringComparer.Ordinal);
        using Stream stream = typeof(HazardousSymbols).Assembly.GetManifestResourceStream("HazardousSymbols.txt")!;
        using var reader = new StreamReader(stream);
        DiagnosticDescriptor? rule = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("RSM", StringComparison.Ordinal))
                rule = DeterminismRules.ById(line);
            else
                Add(verdicts, line, rule!, "");
        }

        return new HazardousSymbols(verdicts);
    }

    private static void Add(Dictionary<string, SymbolVerdict> verdicts, string id, DiagnosticDescriptor rule, string why)
    {
        bool allowed = id.StartsWith("!", StringComparison.Ordinal);
        verdicts[allowed ? id.Substring(1) : id] = new SymbolVerdict(allowed ? null : rule, why);
    }
}

/// <summary>What a table says about a symbol.</summary>
/// <param name="Rule">The rule that it breaks; null where it is allowed.</param>
/// <param name="Why">The words of a project's own file.</param>
internal readonly record struct SymbolVerdict(DiagnosticDescriptor? Rule, string Why);
