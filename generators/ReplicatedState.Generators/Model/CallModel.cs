namespace ReplicatedState.Generators.Model;

/// <summary>One command or query.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Identifier">What envelope and client method are named after; differs from the method where that is overloaded.</param>
/// <param name="Name">The name that identifies the call.</param>
/// <param name="Id">The number that identifies the call on the wire.</param>
/// <param name="Since">The machine version that introduced it.</param>
/// <param name="Parameters">All parameters of the method, the context included.</param>
/// <param name="Result">The result, or null for void.</param>
/// <param name="ResultTypeName">The result as the method declares it, or "void".</param>
/// <param name="Consistency">The member of ConsistencyLevel that a query asks for by default; "" for a command.</param>
/// <param name="MaxStalenessMs">The bound that goes with BoundedStaleness; otherwise 0.</param>
/// <param name="Signature">Parameters and result for the manifest.</param>
/// <param name="IsRetired">Whether the command is replayed, and no longer offered.</param>
internal sealed record CallModel(
    string Method,
    string Identifier,
    string Name,
    uint Id,
    int Since,
    EquatableArray<ParameterModel> Parameters,
    TypeUse? Result,
    string ResultTypeName,
    string Consistency,
    int MaxStalenessMs,
    string Signature,
    bool IsRetired)
{
    /// <summary>The method's documentation id, for clients to inherit its documentation; null where it has none.</summary>
    public string? DocumentationId { get; init; }

    /// <summary>Whether callers may list the elements of the last argument.</summary>
    public bool IsParams { get; init; }

    /// <summary>Where the result is a sequence that travels in pages: the type of an item, which <see cref="Result"/> then is too, as the method declares it. Otherwise "".</summary>
    public string ItemTypeName { get; init; } = "";

    /// <summary>Whether a query answers requests in JSON that name none.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether the result is a sequence that travels in pages.</summary>
    public bool IsPaged => ItemTypeName.Length > 0;
}

/// <summary>One parameter of a call.</summary>
/// <param name="Name">Its name, escaped where it is a keyword.</param>
/// <param name="PropertyName">Its name in the envelope.</param>
/// <param name="Type">Its type, or null for the CommandContext.</param>
/// <param name="TypeName">Its type as the method declares it.</param>
/// <param name="DefaultValue">The expression of its default, or null.</param>
/// <param name="Since">The machine version that added it to the command; 0 where it came with the command.</param>
internal sealed record ParameterModel(string Name, string PropertyName, TypeUse? Type, string TypeName, string? DefaultValue, int Since)
{
    public bool IsContext => Type is null;
}
