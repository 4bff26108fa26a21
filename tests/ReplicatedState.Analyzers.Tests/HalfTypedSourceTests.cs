using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ReplicatedState.Analyzers.Tests;

/// <summary>An editor asks while one types.</summary>
public sealed class HalfTypedSourceTests
{
    private const string Source = """
        [ReplicatedStateMachine("shop", Version = 2)]
        public sealed partial class Shop
        {
            [State(3, Since = 2)] public Dictionary<string, List<int>> Items { get; set; } = new(StringComparer.Ordinal);
            [State] private readonly SortedSet<string> _names = [];
            [Transient] private Action<int>? _told; private static int s_count;
            [Command, Query] public static async Task<int> Do(in int a) { await Task.Yield(); return s_count++; }
            [Command] public int Do(string name, CommandContext context)
            {
                lock (this) { _told?.Invoke(1); }
                foreach (var (key, value) in Items) { if (value.Count > 1) return value[0]; Items[name] = value; }
                Items = new(StringComparer.OrdinalIgnoreCase);
                return context.Now.LocalDateTime.Hour + Environment.NewLine.Length + $"{1.5}{DateTime.Now}".Length;
            }
            [Query] public void Ask(IShopClient shop) { _names.Clear(); _ = shop.DoAsync(1); }
        }
        class Desk(Shop shop, IShopClient client) { async Task Run() { shop.Do("a", null!); client.DoAsync("b"); await Task.Yield(); } }
        """;

    [Fact]
    public async Task No_analyzer_and_no_fix_ever_fails_on_it()
    {
        CodeFixProvider[] fixes = [.. AllAnalyzers.CreateFixes()];
        for (int length = 0; length <= Source.Length; length += 5)
        {
            Compilation compilation = Diagnosis.Generate(Diagnosis.Compile(Source[..length]));
            var found = await Diagnosis.AnalyzeAsync(compilation, [], [.. AllAnalyzers.Create()]);
            Assert.DoesNotContain(found, static diagnostic => diagnostic.Id == "AD0001");

            using var workspace = new AdhocWorkspace();
            Document document = workspace.AddProject("Half", LanguageNames.CSharp).WithMetadataReferences(Diagnosis.References).WithParseOptions(Diagnosis.ParseOptions)
                .AddDocument("File0.cs", Diagnosis.Usings + Source[..length]);
            foreach (Diagnostic diagnostic in found.Where(static diagnostic => diagnostic.Location.SourceTree?.FilePath == "File0.cs"))
            {
                var actions = new List<CodeAction>();
                foreach (CodeFixProvider fix in fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
                    await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
                foreach (CodeAction action in actions)
                    Assert.NotEmpty(await action.GetOperationsAsync(CancellationToken.None));
            }
        }
    }
}
