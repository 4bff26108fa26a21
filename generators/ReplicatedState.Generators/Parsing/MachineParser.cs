using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From an annotated class to the model of its machine. Parsing is the only place that sees symbols.</summary>
internal static class MachineParser
{
    /// <summary>The model, or null where <paramref name="defects"/> says why not.</summary>
    public static MachineModel? Parse(INamedTypeSymbol machine, Compilation compilation, DefectList defects, CancellationToken cancellation)
    {
        if (machine.FindAttribute(KnownNames.MachineAttribute) is not { } attribute)
            return null;
        string name = attribute.ConstructorArguments.Length == 1 ? attribute.ConstructorArguments[0].Value as string ?? "" : "";
        int version = attribute.Named("Version", 1);
        CheckAttribute(attribute, name, version, defects);
        version = System.Math.Max(version, 1);
        if (!CheckShape(machine, defects))
            return null; // what its members lack is of no interest then
        CheckGeneratedNames(machine, compilation, defects);

        var types = new TypeParser(machine, compilation, cancellation);
        var calls = CallParser.Parse(machine, version, types, defects);
        var events = EventParser.Parse(machine, version, types, defects);
        types.BeginState();
        var retired = StateParser.ParseRetired(machine, defects);
        var state = StateParser.Parse(machine, version, retired, types, defects);
        var migrations = MigrationParser.Parse(machine, version, defects);
        cancellation.ThrowIfCancellationRequested();
        if (!defects.IsEmpty)
            return null;

        var model = new MachineModel(
            machine.ContainingNamespace.IsGlobalNamespace ? "" : machine.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
            machine.Name,
            machine.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            name,
            version,
            SchemaHash: 0,
            types.IsNullableAware,
            calls.Commands,
            calls.Queries,
            events,
            state,
            retired,
            migrations,
            types.ToTable());
        return model with { SchemaHash = MemberIdentity.SchemaHash(Describe(model)) };
    }

    private static void CheckAttribute(AttributeData attribute, string name, int version, DefectList defects)
    {
        if (string.IsNullOrWhiteSpace(name))
            defects.Add(DefectKind.InvalidName, attribute.FirstLocation(), "a machine needs a name that is not empty");
        if (version < 1)
            defects.Add(DefectKind.InvalidName, attribute.FirstLocation(), "the version of a machine is 1 or more");
    }

    private static bool CheckShape(INamedTypeSymbol machine, DefectList defects)
    {
        Location? location = machine.FirstLocation();
        string? wrong = machine switch
        {
            { IsRecord: true } => "is a record; a machine is a class, because it is changed in place",
            { IsStatic: true } => "is static; every replica makes an instance of its own",
            { IsAbstract: true } => "is abstract; every replica makes an instance of it",
            { IsGenericType: true } => "is generic; its name would identify many machines",
            { ContainingType: not null } => "is nested in another type; move it into a namespace",
            { IsFileLocal: true } => "is local to its file; the generated half lives in another file",
            { BaseType.SpecialType: not SpecialType.System_Object } => "has a base class; a machine declares all of its state itself",
            _ => null,
        };
        if (wrong is not null)
        {
            defects.Add(DefectKind.WrongShape, location, machine.Name, wrong);
            return false;
        }

        if (!IsPartial(machine))
            defects.Add(DefectKind.NotPartial, location, machine.Name);
        if (!machine.InstanceConstructors.Any(static constructor =>
                constructor.Parameters.IsEmpty && constructor.DeclaredAccessibility == Accessibility.Public))
            defects.Add(DefectKind.NoConstructor, location, machine.Name);
        return true;
    }

    private static void CheckGeneratedNames(INamedTypeSymbol machine, Compilation compilation, DefectList defects)
    {
        string[] beside = [$"I{machine.Name}Client", $"{machine.Name}Client", $"{machine.Name}Wire", $"{machine.Name}Codecs", $"{machine.Name}Commands", $"InMemory{machine.Name}Client"];
        foreach (string name in beside)
        {
            foreach (INamedTypeSymbol type in machine.ContainingNamespace.GetTypeMembers(name, 0))
            {
                if (SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) && !IsGenerated(type) && !IsHalfOfClient(type, machine))
                    defects.Add(DefectKind.GeneratedNameCollision, type.FirstLocation(), name, machine.Name);
            }
        }

        foreach (string name in new[] { "SnapshotCodecs", "StateHashing", "JsonTable" })
        {
            foreach (ISymbol member in machine.GetMembers(name).Where(static member => !IsGenerated(member)))
                defects.Add(DefectKind.GeneratedNameCollision, member.FirstLocation(), name, machine.Name);
        }
    }

    /// <summary>The user's half of the client interface, by which generators that don't see this one's output (minimal APIs, JSON) can know its name.</summary>
    private static bool IsHalfOfClient(INamedTypeSymbol type, INamedTypeSymbol machine) =>
        type.TypeKind == TypeKind.Interface && type.Name == $"I{machine.Name}Client" && IsPartial(type);

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.All(static reference =>
        reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>The analyzers, unlike the generator, meet what was emitted.</summary>
    private static bool IsGenerated(ISymbol symbol) =>
        symbol.FindAttribute("System.CodeDom.Compiler.GeneratedCodeAttribute") is { ConstructorArguments: { Length: 2 } arguments }
        && arguments[0].Value is KnownNames.GeneratorName;

    /// <summary>Every declared name, id and type as text, the shapes of objects included.</summary>
    private static string Describe(MachineModel model)
    {
        var text = new StringBuilder();
        text.Append(model.Name).Append('\n');
        foreach (CallModel call in model.Commands)
            text.Append("command ").Append(call.Id).Append(' ').Append(call.Name).Append(call.Signature).Append('\n');
        foreach (CallModel call in model.Queries)
            text.Append("query ").Append(call.Id).Append(' ').Append(call.Name).Append(call.Signature).Append('\n');
        foreach (EventModel item in model.Events)
            text.Append("event ").Append(item.Id).Append(' ').Append(item.Name).Append(' ').Append(item.TypeName).Append('\n');
        foreach (StateMemberModel member in model.State)
            text.Append("state ").Append(member.Key).Append(' ').Append(member.Name).Append(' ').Append(member.TypeName).Append('\n');
        foreach (TypeModel type in model.Types.Where(static type => type.Shape is TypeShape.Object or TypeShape.Enum or TypeShape.Union))
        {
            text.Append("type ").Append(type.TypeName).Append(' ').Append(type.Scalar);
            foreach (MemberModel member in type.Members)
                text.Append(' ').Append(member.Key).Append(member.Key.Length == 0 ? "" : "=").Append(member.Name).Append(':').Append(member.TypeName);
            foreach ((int number, TypeUse use) in type.CaseNumbers.Zip(type.Arguments, static (number, use) => (number, use)))
                text.Append(' ').Append(number).Append(':').Append(model.Types[use.Type].TypeName);
            text.Append('\n');
        }

        return text.ToString();
    }
}
