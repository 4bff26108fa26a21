using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Collects the types of one machine into a table, each once, and says why a type can't be encoded.</summary>
/// <remarks>Parameters and results come first, then, after <see cref="BeginState"/>, the state, whose types may be private to the machine.</remarks>
internal sealed class TypeParser(INamedTypeSymbol machine, Compilation compilation, CancellationToken cancellation)
{
    private readonly Dictionary<string, int> _indexes = [];
    private readonly List<TypeModel> _table = [];
    private readonly List<string> _names = [];
    private readonly HashSet<string> _identifiers = [];
    private int _onWire;
    private bool _inState;

    /// <summary>The scope that members of encoded types have to be accessible in.</summary>
    public ISymbol Scope => _inState ? machine : compilation.Assembly;

    public Compilation Compilation => compilation;

    /// <summary>False once a reference type was met that says nothing about null.</summary>
    public bool IsNullableAware { get; private set; } = true;

    /// <summary>What is used from here on is reached from the state.</summary>
    /// <remarks>
    /// A snapshot keeps comparers that a call doesn't carry, so what holds a collection with a comparer is another type in the
    /// state than in a call.
    /// </remarks>
    public void BeginState()
    {
        _inState = true;
        _onWire = _table.Count;
        bool[] differs = TypeGraph.Closure(_table, static type => type?.Collection is { Comparer: not CollectionComparer.None } or { IsInterface: true, Refill: not CollectionRefill.Never });
        foreach (KeyValuePair<string, int> entry in _indexes.Where(entry => differs[entry.Value]).ToList())
        {
            _indexes.Remove(entry.Key);
            _identifiers.Remove(_names[entry.Value]);
        }
    }

    /// <summary>Adds a type and all that it consists of, or a defect that says which part of it can't be encoded and why.</summary>
    public TypeUse? Use(ITypeSymbol type, Location? location, string what, DefectList defects)
    {
        cancellation.ThrowIfCancellationRequested();
        if (type.TypeKind == TypeKind.Error)
        {
            // The compiler has its own message for a name that it can't find.
            defects.Add(DefectKind.UnserializableType, Location.None, what, type.Name, "is unknown");
            return null;
        }

        if (!_inState && !IsAccessibleToClients(type))
        {
            defects.Add(DefectKind.InaccessibleType, location, what, type.ToShortName());
            return null;
        }

        TypeUse? use = Find(type, out string? reason);
        if (use is null)
            defects.Add(DefectKind.UnserializableType, location, what, type.ToShortName(), reason!);
        return use;
    }

    /// <summary>Marks a state member's collection as one that is filled in place, or hands its comparers on, where its type allows that.</summary>
    public bool TryRefill(TypeUse use, bool isAssignable)
    {
        TypeModel type = _table[use.Type];
        CollectionRefill refill = type.Collection?.Refill ?? CollectionRefill.Never;
        if (refill == CollectionRefill.Never || (refill == CollectionRefill.Comparers && !isAssignable))
            return false;
        _table[use.Type] = type with { IsRefilled = true };
        return true;
    }

    /// <summary>The finished table.</summary>
    public EquatableArray<TypeModel> ToTable()
    {
        for (int i = 0; i < _onWire; i++)
            _table[i] = _table[i] with { IsOnWire = true };
        return TypeGraph.Complete(_table);
    }

    /// <summary>A type as part of another one.</summary>
    /// <param name="type">The type.</param>
    /// <param name="reason">Why it can't be encoded, where the result is null.</param>
    /// <param name="formatter">The [MessagePackFormatter] of the member that holds it; null for that of the type, if any.</param>
    internal TypeUse? Find(ITypeSymbol type, out string? reason, AttributeData? formatter = null)
    {
        reason = null;
        bool isNullable = type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated;
        IsNullableAware &= !type.IsReferenceType || type.NullableAnnotation != NullableAnnotation.None;
        ITypeSymbol plain = type.IsReferenceType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type;
        string name = plain.ToDeclaredName();
        string key = formatter is null ? name : $"{name} by {formatter.ConstructorArguments.FirstOrDefault().Value}";
        if (!_indexes.TryGetValue(key, out int index))
        {
            // The place is taken before the parts are parsed, so that a recursive type finds itself.
            index = _table.Count;
            _indexes.Add(key, index);
            _table.Add(null!);
            _names.Add("");
            if (Parse(plain, name, index, formatter, out reason) is not { } model)
            {
                _indexes.Remove(key);
                return null;
            }

            _table[index] = model;
            _names[index] = model.Identifier;
        }

        return new TypeUse(index, isNullable);
    }

    private TypeModel? Parse(ITypeSymbol type, string name, int index, AttributeData? formatter, out string? reason)
    {
        reason = null;
        if ((formatter ?? type.FindAttribute(KnownNames.MessagePackFormatter)) is { } custom)
            return FormatterParser.Parse(type, name, Unique(type.Name + (formatter is null ? "" : "ByFormatter")), custom, this, out reason);
        if (ScalarTypes.Find(type) is { } scalar)
            return scalar;
        switch (type)
        {
            case { TypeKind: TypeKind.Error }:
                reason = "is unknown";
                return null;
            case IArrayTypeSymbol { Rank: 1 } array:
                return Generic(TypeShape.Array, "ArrayOf", null, out reason, array.ElementType);
            case IArrayTypeSymbol:
                reason = "is an array of more than one dimension; use an array of arrays";
                return null;
            case INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } enumeration:
                return new TypeModel
                {
                    Shape = TypeShape.Enum,
                    TypeName = name,
                    Identifier = Unique(enumeration.Name),
                    IsReference = false,
                    Scalar = underlying.Name,
                    HasWeakHash = ScalarTypes.HasWeakHash(underlying.Name),
                    ShortName = enumeration.Name,
                    EnumMembers = EnumMembers.Of(enumeration),
                    IsFlags = enumeration.HasAttribute("System.FlagsAttribute"),
                };
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable:
                return Generic(TypeShape.Nullable, "Nullable", null, out reason, nullable.TypeArguments[0]);
            case INamedTypeSymbol { IsTupleType: true } tuple:
                return Generic(TypeShape.Tuple, "TupleOf", null, out reason, [.. tuple.TupleElements.Select(static element => element.Type)]);
            case INamedTypeSymbol { IsGenericType: true, Name: "Tuple", TypeKind: TypeKind.Class } tuple when tuple.OriginalDefinition.ToMetadataName().StartsWith("System.Tuple`", System.StringComparison.Ordinal):
                return Generic(TypeShape.Tuple, "ClassTupleOf", null, out reason, [.. tuple.TypeArguments]);
            case INamedTypeSymbol { IsGenericType: true } generic when generic.OriginalDefinition.ToMetadataName() == "System.Collections.Immutable.ImmutableArray`1":
                return Generic(TypeShape.ImmutableArray, "ImmutableArrayOf", null, out reason, generic.TypeArguments[0]);
            case INamedTypeSymbol { IsGenericType: true } generic when CollectionTypes.TryFind(generic.OriginalDefinition.ToMetadataName(), out TypeShape shape, out CollectionModel collection):
                if (_inState && CollectionTypes.HidesComparer(generic.Name))
                {
                    reason = "hides by which comparer it looks up what it holds, which a snapshot would lose; use a frozen or an immutable collection";
                    return null;
                }

                collection = collection with { Arguments = $"<{string.Join(", ", generic.TypeArguments.Select(static argument => argument.ToDeclaredName()))}>" };
                return Generic(shape, generic.Name + "Of", collection, out reason, [.. generic.TypeArguments]);
            case INamedTypeSymbol { TypeKind: TypeKind.Interface or TypeKind.Class } union when (union.TypeKind == TypeKind.Interface || union.IsAbstract) && union.HasAttribute(KnownNames.Union):
                _names[index] = Unique(union.Name);
                return UnionParser.Parse(union, name, _names[index], this, out reason);
            case INamedTypeSymbol named when (CollectionTypes.Refusal(named.OriginalDefinition.ToMetadataName()) ?? ObjectParser.Refusal(named)) is { } refusal:
                reason = refusal;
                return null;
            case INamedTypeSymbol named:
                _names[index] = Unique(named.Name + string.Concat(named.TypeArguments.Select(static argument => argument.Name)));
                return ObjectParser.Parse(named, name, _names[index], this, out reason);
            default:
                reason = "is not a type that the generator can encode";
                return null;
        }

        TypeModel? Generic(TypeShape shape, string prefix, CollectionModel? collection, out string? refusal, params ITypeSymbol[] parts)
        {
            refusal = null;
            var uses = new List<TypeUse>();
            foreach (ITypeSymbol part in parts)
            {
                if (Find(part, out refusal) is not { } use)
                {
                    refusal = $"holds {part.ToShortName()}, which {refusal}";
                    return null;
                }

                uses.Add(use);
            }

            string separator = shape == TypeShape.Map ? "To" : "And";
            return new TypeModel
            {
                Shape = shape,
                TypeName = name,
                Identifier = Unique(prefix + string.Join(separator, uses.Select(IdentifierOf))),
                IsReference = type.IsReferenceType,
                Collection = collection,
                Arguments = uses.ToEquatableArray(),
            };
        }
    }

    private string IdentifierOf(TypeUse use) => (use.IsNullable ? "Optional" : "") + _names[use.Type];

    private string Unique(string identifier)
    {
        string candidate = identifier;
        for (int i = 2; !_identifiers.Add(candidate); i++)
            candidate = identifier + i;
        return candidate;
    }

    /// <summary>Clients are as visible as the machine, so the types that they speak of must be.</summary>
    private bool IsAccessibleToClients(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsAccessibleToClients(array.ElementType),
        INamedTypeSymbol named => Containers(named).All(IsVisible) && named.TypeArguments.All(IsAccessibleToClients),
        _ => true,
    };

    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
            yield return type;
    }

    private bool IsVisible(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public
        || (machine.DeclaredAccessibility != Accessibility.Public
            && type.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable);
}
