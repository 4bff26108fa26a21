using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace ReplicatedState.CodeFixes.Compatibility;

/// <summary>Writes the lines that a contract lacks into ReplicatedState.Unshipped.txt: one, or all of the machine.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteContractFix))]
[Shared]
public sealed class WriteContractFix : CodeFixProvider
{
    internal const string UnshippedFile = "ReplicatedState.Unshipped.txt";
    private const string ShippedFile = "ReplicatedState.Shipped.txt";
    private const string RetiredPrefix = "*RETIRED* ";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["RSM3001", "RSM3002"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new AllLines();

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Project project = context.Document.Project;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            string[] line = LinesOf(diagnostic, "Line");
            string[] all = LinesOf(diagnostic, "AllLines");
            if (line.Length == 0)
                continue;
            string what = diagnostic.Id == "RSM3002" ? "Retire in the contract" : "Add to the contract";
            context.RegisterCodeFix(
                CodeAction.Create($"{what}: {line[0]}", cancellation => WriteAsync(project, line, cancellation), equivalenceKey: what), diagnostic);
            if (all.Length > 1)
            {
                context.RegisterCodeFix(
                    CodeAction.Create($"{what} all {all.Length} lines of the machine", cancellation => WriteAsync(project, all, cancellation), equivalenceKey: $"{what} (all)"), diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    private static string[] LinesOf(Diagnostic diagnostic, string property) =>
        diagnostic.Properties.TryGetValue(property, out string? lines) && lines is { Length: > 0 } ? lines.Split('\n') : [];

    /// <summary>The solution with the lines in the file, each in the place of the one that it replaces, and the file in order.</summary>
    private static async Task<Solution> WriteAsync(Project project, IEnumerable<string> lines, CancellationToken cancellation)
    {
        TextDocument? file = project.AdditionalDocuments.FirstOrDefault(static document => document.Name == UnshippedFile);
        SourceText? before = file is null ? null : await file.GetTextAsync(cancellation).ConfigureAwait(false);
        List<string> content = before is null ? [] : [.. before.Lines.Select(static line => line.ToString().TrimEnd()).Where(static line => line.Length > 0)];
        foreach (string line in lines)
        {
            content.RemoveAll(other => Identity(other) == Identity(line));
            content.Add(line);
        }

        List<string> comments = [.. content.Where(static line => line[0] == '#')];
        SourceText after = SourceText.From(string.Concat(comments.Concat(content.Except(comments).OrderBy(static line => line, StringComparer.Ordinal)).Select(static line => line + "\n")));
        if (file is not null)
            return project.Solution.WithAdditionalDocumentText(file.Id, after);
        string? path = project.AdditionalDocuments.FirstOrDefault(static document => document.Name == ShippedFile)?.FilePath is { } shipped
            ? Path.Combine(Path.GetDirectoryName(shipped) ?? "", UnshippedFile)
            : null;
        return project.AddAdditionalDocument(UnshippedFile, after, filePath: path).Project.Solution;
    }

    /// <summary>Machine, kind and number or type: what two lines of the same thing have in common. Commands and queries share their numbers.</summary>
    private static string Identity(string line)
    {
        string text = line.StartsWith(RetiredPrefix, StringComparison.Ordinal) ? line.Substring(RetiredPrefix.Length) : line;
        int end = text.IndexOf(": ", StringComparison.Ordinal);
        if (end < 0)
            return line;
        string[] words = text.Substring(end + 2).Split(' ');
        string kind = words[0] == "query" ? "command" : words[0];
        string key = kind == "machine" || words.Length < 2 ? "" : kind is "enum" or "object" or "union" ? text.Substring(end + 2).Split(['{'], 2)[0] : words[1];
        return $"{text.Substring(0, end)}: {kind} {key}";
    }

    /// <summary>One text for all findings, which the usual provider, made for source files, doesn't write.</summary>
    private sealed class AllLines : FixAllProvider
    {
        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            IEnumerable<Project> projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project];
            var lines = new List<(ProjectId Project, string[] Lines)>();
            foreach (Project project in projects)
            {
                ImmutableArray<Diagnostic> diagnostics = context.Scope == FixAllScope.Document && context.Document is { } document
                    ? await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)
                    : await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false);
                lines.Add((project.Id, [.. diagnostics.SelectMany(static diagnostic => LinesOf(diagnostic, "Line")).Distinct()]));
            }

            return CodeAction.Create(
                "Write the contract",
                async cancellation =>
                {
                    Solution solution = context.Solution;
                    foreach ((ProjectId project, string[] added) in lines.Where(static item => item.Lines.Length > 0))
                        solution = await WriteAsync(solution.GetProject(project)!, added, cancellation).ConfigureAwait(false);
                    return solution;
                },
                equivalenceKey: nameof(AllLines));
        }
    }
}
