using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>Finds context.Emit of what the machine doesn't declare with [Emits]: the command would fail whenever it comes there.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EmittedEventAnalyzer : DiagnosticAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = new(
        "RSM0022",
        "What a machine emits must be declared",
        "'{0}' emits {1} and doesn't declare it; write [Emits<{1}>] on the class, or emit what it declares: {2}",
        "ReplicatedState.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0022.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is not { Name: "Emit", TypeArguments.Length: 1 } method || method.ContainingType.ToMetadataName() != KnownNames.CommandContext)
            return;
        ITypeSymbol emitted = method.TypeArguments[0];
        if (emitted.TypeKind is TypeKind.Error or TypeKind.TypeParameter || MachineOf(context.ContainingSymbol) is not { } machine)
            return;
        ITypeSymbol[] declared = [.. machine.GetAttributes().Select(static attribute => attribute.AttributeClass).OfType<INamedTypeSymbol>()
            .Where(static type => type.TypeArguments.Length == 1 && type.ToMetadataName() == KnownNames.EmitsAttribute).Select(static type => type.TypeArguments[0])];

        // A value may be more than its expression says, so a base of what is declared may be right.
        if (declared.Any(type => type.TypeKind == TypeKind.Error || IsReference(context.Compilation, emitted, type) || IsReference(context.Compilation, type, emitted)))
            return;
        string known = declared.Length == 0 ? "nothing so far" : string.Join(", ", declared.Select(static type => type.ToShortName()).OrderBy(static name => name, System.StringComparer.Ordinal));
        context.ReportDiagnostic(Diagnostic.Create(Rule, call.Syntax.GetLocation(), machine.Name, emitted.ToShortName(), known));
    }

    /// <summary>Whether a value of the first type is one of the second.</summary>
    private static bool IsReference(Compilation compilation, ITypeSymbol from, ITypeSymbol to) =>
        compilation.ClassifyConversion(from, to) is { IsIdentity: true } or { IsImplicit: true, IsReference: true } or { IsImplicit: true, IsBoxing: true };

    private static INamedTypeSymbol? MachineOf(ISymbol symbol)
    {
        for (INamedTypeSymbol? type = symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.HasAttribute(KnownNames.MachineAttribute))
                return type;
        }

        return null;
    }
}
