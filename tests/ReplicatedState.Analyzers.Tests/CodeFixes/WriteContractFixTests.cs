using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ReplicatedState.Analyzers.Compatibility;
using ReplicatedState.CodeFixes.Compatibility;

namespace ReplicatedState.Analyzers.Tests.CodeFixes;

public sealed class WriteContractFixTests
{
    private const string Source =
        """
        using ReplicatedState;
        [ReplicatedStateMachine("shop")]
        public sealed partial class Shop
        {
            [State(7)] private int _sold;
            [Command(Id = 9)] public void Sell() { }
        }
        """;

    [Fact]
    public async Task One_line_is_added_in_its_place()
    {
        string after = await ApplyAsync("RSM3001", "Add to the contract: shop: state 7", ("ReplicatedState.Unshipped.txt", "# ours\nshop: machine 1\n"));

        Assert.Equal("# ours\nshop: machine 1\nshop: state 7 _sold: int\n", after);
    }

    [Fact]
    public async Task All_lines_of_the_machine_are_added_at_once_and_a_missing_file_is_begun()
    {
        string after = await ApplyAsync("RSM3001", "Add to the contract all 3 lines", ("ReplicatedState.Shipped.txt", ""));

        Assert.Equal("shop: command 9 Sell() -> void\nshop: machine 1\nshop: state 7 _sold: int\n", after);
    }

    [Fact]
    public async Task A_line_takes_the_place_of_the_old_one()
    {
        string after = await ApplyAsync("RSM3001", "Add to the contract all", ("ReplicatedState.Unshipped.txt", "shop: command 9 Sell(int a) -> void\nshop: state 7 _sold: long\n"));

        Assert.Equal("shop: command 9 Sell() -> void\nshop: machine 1\nshop: state 7 _sold: int\n", after);
    }

    [Fact]
    public async Task What_was_removed_is_retired()
    {
        string after = await ApplyAsync(
            "RSM3002", "Retire in the contract: *RETIRED* shop: command 5 Old", ("ReplicatedState.Shipped.txt", "shop: machine 1\nshop: command 5 Old() -> void\n"));

        Assert.Equal("*RETIRED* shop: command 5 Old\n", after);
    }

    /// <summary>The text of the file of what isn't released, after the fix whose title begins as given.</summary>
    private static async Task<string> ApplyAsync(string id, string title, (string Name, string Text) file)
    {
        using var workspace = new AdhocWorkspace();
        ProjectInfo info = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Fixed", "Fixed", LanguageNames.CSharp,
            parseOptions: Diagnosis.ParseOptions, compilationOptions: Diagnosis.CompilationOptions, metadataReferences: Diagnosis.References);
        Document document = workspace.AddProject(info).AddDocument("File.cs", SourceText.From(Source)).Project
            .AddAdditionalDocument(file.Name, SourceText.From(file.Text), filePath: "/project/" + file.Name).Project.Documents.Single();
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        ImmutableArray<Diagnostic> findings = await compilation.WithAnalyzers([new CompatibilityAnalyzer()], document.Project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync();
        var actions = new List<CodeAction>();
        foreach (Diagnostic finding in findings.Where(finding => finding.Id == id))
            await new WriteContractFix().RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => actions.Add(action), CancellationToken.None));
        CodeAction chosen = actions.First(action => action.Title.StartsWith(title, StringComparison.Ordinal));
        ApplyChangesOperation changes = (await chosen.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        TextDocument written = changes.ChangedSolution.Projects.Single().AdditionalDocuments.Single(static document => document.Name == "ReplicatedState.Unshipped.txt");
        return (await written.GetTextAsync()).ToString();
    }
}
