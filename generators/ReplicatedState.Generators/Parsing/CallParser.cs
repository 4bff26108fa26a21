using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From the methods with [Command] and [Query] to their models.</summary>
internal static class CallParser
{
    private const int BoundedStaleness = 3;
    private const int MaxStalenessMsMax = 24 * 60 * 60 * 1000;

    /// <summary>The members of ConsistencyLevel by their numbers.</summary>
    private static readonly string[] ConsistencyNames = ["Linearizable", "Local", "Lease", "BoundedStaleness", "Session"];

    public static (EquatableArray<CallModel> Commands, EquatableArray<CallModel> Queries) Parse(
        INamedTypeSymbol machine, int version, TypeParser types, DefectList defects)
    {
        var candidates = new List<(IMethodSymbol Method, AttributeData Attribute, bool IsCommand)>();
        foreach (IMethodSymbol method in machine.GetMembers().OfType<IMethodSymbol>())
        {
            AttributeData? command = method.FindAttribute(KnownNames.CommandAttribute);
            AttributeData? query = method.FindAttribute(KnownNames.QueryAttribute);
            if (command is not null && query is not null)
                defects.Add(DefectKind.CommandAndQuery, method.FirstLocation(), method.Name);
            else if ((command ?? query) is { } attribute)
                candidates.Add((method, attribute, command is not null));
        }

        if (!candidates.Any(static candidate => candidate.IsCommand))
            defects.Add(DefectKind.NoCommand, machine.FirstLocation(), machine.Name);

        // The order of declarations, and of the files of a partial class, must not show in what is emitted.
        candidates.Sort(static (left, right) => string.CompareOrdinal(NameOf(left.Method, left.Attribute), NameOf(right.Method, right.Attribute)));
        HashSet<IMethodSymbol> unnamed = FindUnnamedOverloads(candidates, defects);
        var overloaded = new HashSet<string>(candidates.GroupBy(static c => c.Method.Name).Where(static g => g.Count() > 1).Select(static g => g.Key));
        var commands = new List<CallModel>();
        var queries = new List<CallModel>();
        var owners = new Dictionary<uint, string>();
        string? defaultQuery = null;
        foreach ((IMethodSymbol method, AttributeData attribute, bool isCommand) in candidates)
        {
            if (unnamed.Contains(method) || ParseCall(method, attribute, isCommand, overloaded.Contains(method.Name), version, types, defects) is not { } call)
                continue;
            if (owners.TryGetValue(call.Id, out string? owner))
                defects.Add(DefectKind.DuplicateIdentity, attribute.FirstLocation(), method.Name, owner, call.Id.ToString());
            else
                owners.Add(call.Id, method.Name);
            if (call.IsDefault && defaultQuery is not null)
                defects.Add(DefectKind.TwoDefaultQueries, attribute.FirstLocation(), call.Name, defaultQuery);
            else if (call.IsDefault)
                defaultQuery = call.Name;
            (isCommand ? commands : queries).Add(call);
        }

        return (commands.ToEquatableArray(), queries.ToEquatableArray());
    }

    private static string NameOf(IMethodSymbol method, AttributeData attribute) =>
        attribute.Named<string?>("Name", null) is { Length: > 0 } name ? name : method.Name;

    /// <summary>One of several overloads may keep the method's own name; the others need names of their own.</summary>
    private static HashSet<IMethodSymbol> FindUnnamedOverloads(
        List<(IMethodSymbol Method, AttributeData Attribute, bool IsCommand)> candidates, DefectList defects)
    {
        var unnamed = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        foreach (var overloads in candidates.GroupBy(static c => c.Method.Name).Where(static g => g.Count() > 1))
        {
            foreach (var overload in overloads.Where(static c => NameOf(c.Method, c.Attribute) == c.Method.Name).Skip(1))
            {
                unnamed.Add(overload.Method);
                defects.Add(DefectKind.OverloadWithoutName, overload.Method.FirstLocation(), overload.Method.Name);
            }
        }

        return unnamed;
    }

    private static CallModel? ParseCall(
        IMethodSymbol method, AttributeData attribute, bool isCommand, bool isOverloaded, int version, TypeParser types, DefectList defects)
    {
        int before = defects.Items.Count;
        Location? location = method.FirstLocation();
        string name = NameOf(method, attribute);
        int number = attribute.Named("Id", 0);
        int since = attribute.Named("Since", 1);
        if (number < 0)
            defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, "an explicit Id is 1 to 2147483647");
        if (since < 1 || since > version)
            defects.Add(DefectKind.InvalidId, attribute.FirstLocation(), name, $"Since is a version of the machine, 1 to {version}");
        int consistency = attribute.Named("Consistency", 0);
        int maxStalenessMs = attribute.Named("MaxStalenessMs", 0);
        if (FindConsistencyDefect(consistency, maxStalenessMs) is { } flaw)
            defects.Add(DefectKind.InvalidConsistency, attribute.FirstLocation(), name, flaw);
        if (method.IsStatic || method.IsGenericMethod || method.MethodKind != MethodKind.Ordinary || method.IsAbstract)
            defects.Add(DefectKind.WrongMethodShape, location, method.Name, method.IsStatic ? "static" : method.IsGenericMethod ? "generic" : "not an ordinary method");
        ITypeSymbol? item = isCommand ? null : AsynchronousTypes.ItemOf(method.ReturnType);
        if (item is null && (method.IsAsync || AsynchronousTypes.Contains(method.ReturnType)))
            defects.Add(DefectKind.AsynchronousCall, location, method.Name, method.IsAsync && method.ReturnsVoid ? "async void" : method.ReturnType.ToShortName());
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            defects.Add(DefectKind.ByReferenceParameter, location, method.Name, "result");

        EquatableArray<ParameterModel> parameters = ParseParameters(method, types, defects);
        ParameterVersions.Check(method, isCommand, since, version, defects);
        TypeUse? result = null;
        if (!method.ReturnsVoid && defects.Items.Count == before)
            result = types.Use(item ?? method.ReturnType, location, $"the result of {method.Name}", defects);
        if (defects.Items.Count != before)
            return null;
        string resultType = method.ReturnsVoid ? "void" : method.ReturnType.WithNullableAnnotation(item is null ? method.ReturnType.NullableAnnotation : NullableAnnotation.NotAnnotated).ToDeclaredName();
        string signature = $"({string.Join(", ", parameters.Where(static p => !p.IsContext).Select(static p => $"{p.TypeName} {p.Name}"))}) -> {resultType}";
        return new CallModel(
            method.Name,
            isOverloaded ? MemberIdentity.ToIdentifier(name) : method.Name,
            name,
            MemberIdentity.Of(name, number),
            since,
            parameters,
            result,
            resultType,
            isCommand ? "" : ConsistencyNames[consistency],
            maxStalenessMs,
            signature.Replace("global::", ""),
            isCommand && attribute.Named("Retired", false))
        {
            DocumentationId = IsDocumented(method) ? method.GetDocumentationCommentId() : null,
            IsParams = method.Parameters.LastOrDefault() is { IsParams: true },
            ItemTypeName = item?.ToDeclaredName() ?? "",
            IsDefault = !isCommand && attribute.Named("Default", false),
        };
    }

    /// <summary>Looks at the text before the method: the compiler knows of comments only where the project writes a documentation file.</summary>
    private static bool IsDocumented(IMethodSymbol method) => method.DeclaringSyntaxReferences.Any(static reference =>
        reference.GetSyntax().GetLeadingTrivia().Any(static trivia =>
            trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
            || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia)
            || (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().StartsWith("///", StringComparison.Ordinal))));

    private static string? FindConsistencyDefect(int consistency, int maxStalenessMs)
    {
        if (consistency < 0 || consistency >= ConsistencyNames.Length)
            return $"no consistency has the number {consistency}";
        if (consistency == BoundedStaleness)
            return maxStalenessMs is >= 1 and <= MaxStalenessMsMax ? null : $"bounded staleness needs its bound, MaxStalenessMs of 1 to {MaxStalenessMsMax}";
        return maxStalenessMs == 0 ? null : "MaxStalenessMs belongs to BoundedStaleness only";
    }

    private static EquatableArray<ParameterModel> ParseParameters(IMethodSymbol method, TypeParser types, DefectList defects)
    {
        var parameters = new List<ParameterModel>();
        var properties = new HashSet<string>(StringComparer.Ordinal) { "Id", "Write", "Read" };
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Location? location = parameter.FirstLocation() ?? method.FirstLocation();
            string name = SyntaxFacts.GetKeywordKind(parameter.Name) == SyntaxKind.None ? parameter.Name : $"@{parameter.Name}";
            if (parameter.RefKind != RefKind.None)
            {
                defects.Add(DefectKind.ByReferenceParameter, location, method.Name, $"parameter '{parameter.Name}'");
                continue;
            }

            if (parameter.Type is INamedTypeSymbol named && named.ToMetadataName() == KnownNames.CommandContext)
            {
                parameters.Add(new ParameterModel(name, "", null, named.ToDeclaredName(), null, 0));
                continue;
            }

            string property = parameter.Name.Length == 0 ? "_" : char.ToUpperInvariant(parameter.Name[0]) + parameter.Name.Substring(1);
            while (!properties.Add(property))
                property += "_";
            if (types.Use(parameter.Type, location, $"parameter '{parameter.Name}' of {method.Name}", defects) is { } use)
                parameters.Add(new ParameterModel(name, property, use, parameter.Type.ToDeclaredName(), DefaultValue.Of(parameter), ParameterVersions.Of(parameter)));
        }

        return parameters.ToEquatableArray();
    }
}
