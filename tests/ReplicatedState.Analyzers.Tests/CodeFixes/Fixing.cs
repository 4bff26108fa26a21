using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

/// <summary>Applies a code fix to what an analyzer finds in one file, as an editor does.</summary>
internal static class Fixing
{
    /// <summary>The source after the fix whose title begins as given, of the first finding.</summary>
    public static async Task<string> ApplyAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string source, string title = "", bool withClients = false, params AdditionalText[] files)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, withClients);
        CodeAction? chosen = await ChooseAsync(analyzer, fix, document, title, files);
        return chosen is null ? source : await ChangeAsync(chosen, document.Id);
    }

    /// <summary>The source after each of the fixes that are offered for the first finding; none where there is no such finding.</summary>
    public static async Task<IReadOnlyList<string>> ApplyEachAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string source)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, withClients: true);
        var results = new List<string>();
        if ((await FindAsync(analyzer, fix, document.Project, [])).FirstOrDefault() is not { } finding)
            return results;
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None));
        foreach (CodeAction action in actions)
            results.Add(await ChangeAsync(action, document.Id));
        return results;
    }

    /// <summary>The source after the fix of all findings like the first one that is fixed.</summary>
    public static async Task<string> ApplyToAllAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, string source, string title = "", bool withClients = false, params AdditionalText[] files)
    {
        using var workspace = new AdhocWorkspace();
        Document document = Open(workspace, source, withClients);
        CodeAction chosen = (await ChooseAsync(analyzer, fix, document, title, files))!;
        var context = new FixAllContext(document, fix, FixAllScope.Document, chosen.EquivalenceKey, fix.FixableDiagnosticIds, new Findings(analyzer, fix, files), CancellationToken.None);
        return await ChangeAsync((await fix.GetFixAllProvider()!.GetFixAsync(context))!, document.Id);
    }

    private static Document Open(AdhocWorkspace workspace, string source, bool withClients)
    {
        ProjectInfo info = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Fixed", "Fixed", LanguageNames.CSharp,
            parseOptions: Diagnosis.ParseOptions, compilationOptions: Diagnosis.CompilationOptions, metadataReferences: Diagnosis.References);
        Document document = workspace.AddProject(info).AddDocument("File.cs", SourceText.From(source), filePath: "/project/File.cs");
        if (!withClients)
            return document;
        CSharpCompilation alone = CSharpCompilation.Create("Fixed", [CSharpSyntaxTree.ParseText(source, Diagnosis.ParseOptions)], Diagnosis.References, Diagnosis.CompilationOptions);
        Project project = document.Project;
        foreach (SyntaxTree generated in Diagnosis.Generate(alone).SyntaxTrees.Skip(1))
            project = project.AddDocument(Path.GetFileName(generated.FilePath), generated.GetText(), filePath: generated.FilePath).Project;
        return project.GetDocument(document.Id)!;
    }

    private static async Task<CodeAction?> ChooseAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, Document document, string title, AdditionalText[] files)
    {
        Diagnostic finding = (await FindAsync(analyzer, fix, document.Project, files)).First();
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None));
        return actions.Find(action => action.Title.StartsWith(title, StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<Diagnostic>> FindAsync(DiagnosticAnalyzer analyzer, CodeFixProvider fix, Project project, AdditionalText[] files)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        return (await compilation.WithAnalyzers([analyzer], new AnalyzerOptions([.. files])).GetAnalyzerDiagnosticsAsync())
            .Where(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id))
            .OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start);
    }

    private static async Task<string> ChangeAsync(CodeAction action, DocumentId document)
    {
        ApplyChangesOperation changes = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        return (await changes.ChangedSolution.GetDocument(document)!.GetTextAsync()).ToString();
    }

    private sealed class Findings(DiagnosticAnalyzer analyzer, CodeFixProvider fix, AdditionalText[] files) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => FindAsync(analyzer, fix, project, files);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => FindAsync(analyzer, fix, document.Project, files);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
