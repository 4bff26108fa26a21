using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using ReplicatedState.Analyzers.Shape;
using ReplicatedState.CodeFixes;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>What the package brings, found as the compiler and an editor find it.</summary>
internal static class AllAnalyzers
{
    /// <summary>All analyzers, without the suppressor.</summary>
    public static IEnumerable<DiagnosticAnalyzer> Create() => Instances<DiagnosticAnalyzer>(typeof(MachineShapeAnalyzer)).Where(static analyzer => analyzer is not DiagnosticSuppressor);

    /// <summary>All code fixes.</summary>
    public static IEnumerable<CodeFixProvider> CreateFixes() => Instances<CodeFixProvider>(typeof(SyntaxFix));

    /// <summary>All rules, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> Rules { get; } = [.. Create().SelectMany(static analyzer => analyzer.SupportedDiagnostics).DistinctBy(static rule => rule.Id).OrderBy(static rule => rule.Id, StringComparer.Ordinal)];

    private static IEnumerable<T> Instances<T>(Type ofAssembly) =>
        ofAssembly.Assembly.GetTypes().Where(static type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract).OrderBy(static type => type.FullName, StringComparer.Ordinal).Select(static type => (T)Activator.CreateInstance(type)!);
}
