using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Applies a code fix to the first finding of an analyzer.</summary>
internal static class Fixing
{
    /// <summary>The source after the fix whose title begins as given.</summary>
    public static async Task<string> ApplyAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string source, string title = "")
    {
        using var workspace = new AdhocWorkspace();
        ProjectInfo info = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Fixed", "Fixed", LanguageNames.CSharp,
            parseOptions: Diagnosis.ParseOptions, compilationOptions: Diagnosis.CompilationOptions, metadataReferences: Diagnosis.References);
        Document document = workspace.AddProject(info).AddDocument("File.cs", SourceText.From(source));
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic finding = (await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync())
            .Where(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id))
            .OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)
            .First();

        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None));
        if (actions.Find(action => action.Title.StartsWith(title, StringComparison.Ordinal)) is not { } chosen)
            return source;
        ApplyChangesOperation changes = (await chosen.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        return (await changes.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
