namespace ReplicatedState.Generators.Model;

/// <summary>A use of a type: its place in <see cref="MachineModel.Types"/>, and whether null may stand there.</summary>
internal readonly record struct TypeUse(int Type, bool IsNullable);

/// <summary>One type that is encoded.</summary>
internal sealed record TypeModel
{
    public required TypeShape Shape { get; init; }

    /// <summary>The type in C#, fully qualified, without an outer question mark.</summary>
    public required string TypeName { get; init; }

    /// <summary>What its codec methods are named after, unique within the machine.</summary>
    public required string Identifier { get; init; }

    public required bool IsReference { get; init; }

    /// <summary>Scalar: the method that reads it. Enum: the keyword of its underlying type.</summary>
    public string Scalar { get; init; } = "";

    /// <summary>Scalar: whether MessagePack itself defines the encoding.</summary>
    public bool IsNative { get; init; }

    /// <summary>Scalar or enum: a wide integer in all but name, of which a caller could send many with one hash code.</summary>
    public bool IsWideInteger { get; init; }

    /// <summary>Collections: how to make one, add to it, and count it.</summary>
    public CollectionModel? Collection { get; init; }

    /// <summary>Element, key and value, underlying or tuple element types.</summary>
    public EquatableArray<TypeUse> Arguments { get; init; }

    /// <summary>Objects: the members in the order of their encoding.</summary>
    public EquatableArray<MemberModel> Members { get; init; }

    /// <summary>Objects: classes that may be derived from.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Reached from a parameter or result, and so encoded by clients too.</summary>
    public bool IsOnWire { get; init; }

    /// <summary>The type of a state member that is refilled.</summary>
    public bool IsRefilled { get; init; }

    /// <summary>Can contain itself.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>Its decoder forgives different things to different origins.</summary>
    public bool DependsOnOrigin { get; init; }
}

/// <summary>The families of types that are encoded alike.</summary>
internal enum TypeShape
{
    Scalar,
    String,
    Bytes,
    Enum,
    Nullable,
    Tuple,
    Array,
    ImmutableArray,
    Sequence,
    Set,
    Map,
    Object,
}

/// <summary>How a collection is handled.</summary>
/// <param name="Concrete">The type to make where the declared one is an interface.</param>
/// <param name="AddMethod">The method that adds an element.</param>
/// <param name="IsOrdered">Whether the order of its elements is part of its value.</param>
/// <param name="TakesCapacity">Whether its constructor takes a capacity.</param>
/// <param name="IsHashed">Whether its elements or keys are hashed.</param>
/// <param name="IsReversed">A stack: enumerated last in, first out.</param>
internal sealed record CollectionModel(string Concrete, string AddMethod, bool IsOrdered, bool TakesCapacity, bool IsHashed, bool IsReversed);

/// <summary>One member of an object.</summary>
/// <param name="Name">Its name; "" for a hole between the numbers of [Key].</param>
/// <param name="Type">Its type.</param>
/// <param name="TypeName">Its type as declared.</param>
/// <param name="Role">How its value gets into a new object.</param>
/// <param name="Position">Its place among the constructor's parameters, or −1.</param>
/// <param name="DefaultValue">The expression of its constructor parameter's default, or null.</param>
internal sealed record MemberModel(string Name, TypeUse Type, string TypeName, MemberRole Role, int Position, string? DefaultValue);

/// <summary>How a member's value gets into a new object.</summary>
internal enum MemberRole
{
    /// <summary>Through the constructor.</summary>
    Constructor,

    /// <summary>Through the object initializer.</summary>
    Initializer,

    /// <summary>By assignment afterwards, so that an older encoding may lack it.</summary>
    Assignment,

    /// <summary>Not at all: a number that no member has.</summary>
    Hole,
}
