using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ReplicatedState.Analyzers.Tests.Shape;

/// <summary>The analyzers that come with the SDK, as a project has them.</summary>
internal static class SdkAnalyzers
{
    private static readonly string Sdk = FindSdk();

    /// <summary>Those that have one of the rules.</summary>
    public static DiagnosticAnalyzer[] WithRules(params string[] ids) =>
    [
        .. new[] { "analyzers/Microsoft.CodeAnalysis.NetAnalyzers.dll", "analyzers/Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll", "codestyle/cs/Microsoft.CodeAnalysis.CSharp.CodeStyle.dll" }
            .SelectMany(static file => Assembly.LoadFrom(Path.Combine(Sdk, file)).GetTypes())
            .Where(static type => typeof(DiagnosticAnalyzer).IsAssignableFrom(type) && !type.IsAbstract && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>()?.Languages.Contains(LanguageNames.CSharp) == true)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)
            .Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => ids.Contains(rule.Id))),
    ];

    /// <summary>What they and the compiler say of a source with the rules switched on, each as "rule: text of the place", and whether it was silenced.</summary>
    public static async Task<IReadOnlyList<(string Finding, bool IsSuppressed)>> AdviseAsync(string source, bool withGenerated, DiagnosticAnalyzer suppressor, params string[] ids)
    {
        CSharpCompilation compilation = Diagnosis.Compile(source);
        if (withGenerated)
            compilation = (CSharpCompilation)Diagnosis.Generate(compilation);
        compilation = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(ids.ToDictionary(static id => id, static _ => ReportDiagnostic.Warn)));
        DiagnosticAnalyzer[] analyzers = WithRules(ids);
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([.. analyzers, suppressor], options).GetAllDiagnosticsAsync();
        return
        [
            .. found.Where(diagnostic => ids.Contains(diagnostic.Id))
                .OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(static diagnostic => ($"{diagnostic.Id}: {diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)}", diagnostic.IsSuppressed)),
        ];
    }

    private static string FindSdk()
    {
        string dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        string sdks = Path.Combine(dotnet, "sdk");
        return Directory.EnumerateDirectories(sdks, $"{Environment.Version.Major}.*")
            .OrderBy(static path => Version.Parse(Path.GetFileName(path).Split('-')[0]))
            .Select(static path => Path.Combine(path, "Sdks", "Microsoft.NET.Sdk"))
            .Last();
    }
}
