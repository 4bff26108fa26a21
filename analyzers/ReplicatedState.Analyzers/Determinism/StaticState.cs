using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Determinism;

/// <summary>Finds static variables: those that can be assigned, and read-only ones whose object is changed. A constant table that is only read is fine.</summary>
internal static class StaticState
{
    public static void Inspect(IFieldReferenceOperation reference, BodyFacts facts)
    {
        IFieldSymbol field = reference.Field;
        if (!field.IsStatic || field.IsConst || !IsInSource(field) || field.HasAttribute(KnownNames.DeterministicSafeAttribute))
            return;
        if (field.GetAttributes().Any(static attribute => attribute.AttributeClass?.ToMetadataName() == "System.ThreadStaticAttribute"))
            facts.Add(DeterminismRules.AmbientContext, reference.Syntax);
        else if (!field.IsReadOnly || IsChanged(reference))
            facts.Add(DeterminismRules.MutableStatic, reference.Syntax);
    }

    public static void Inspect(IPropertyReferenceOperation reference, BodyFacts facts)
    {
        // What a property with code of its own does is in the facts of its accessors.
        IPropertySymbol property = reference.Property;
        if (!property.IsStatic || !IsInSource(property) || !IsAutomatic(property) || property.HasAttribute(KnownNames.DeterministicSafeAttribute))
            return;
        if (property.SetMethod is not null || IsChanged(reference))
            facts.Add(DeterminismRules.MutableStatic, reference.Syntax);
    }

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool IsChanged(IOperation reference) => reference.Parent switch
    {
        IInvocationOperation invocation => invocation.Instance == reference && StateWrites.IsMutator(invocation),
        IPropertyReferenceOperation indexer => StateWrites.IsTarget(indexer),
        IFieldReferenceOperation field => StateWrites.IsTarget(field),
        IArrayElementReferenceOperation element => StateWrites.IsTarget(element),
        _ => StateWrites.IsTarget(reference),
    };

    private static bool IsInSource(ISymbol symbol) => symbol.Locations.Any(static location => location.IsInSource);
}
