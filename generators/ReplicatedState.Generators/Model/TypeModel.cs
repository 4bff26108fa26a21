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

    /// <summary>Scalar or enum: a caller could send many values with one hash code.</summary>
    public bool HasWeakHash { get; init; }

    /// <summary>Collections: how to make one, add to it, and count it.</summary>
    public CollectionModel? Collection { get; init; }

    /// <summary>Element, key and value, underlying or tuple element types; the cases of a union.</summary>
    public EquatableArray<TypeUse> Arguments { get; init; }

    /// <summary>Objects: the members in the order of their encoding.</summary>
    public EquatableArray<MemberModel> Members { get; init; }

    /// <summary>Objects: a map by the names of its members, and not an array of them.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Objects: whether one can be made of nothing, so that its initializers can be asked for their values.</summary>
    public bool IsCreatable { get; init; }

    /// <summary>Unions: the number of each case in <see cref="Arguments"/>.</summary>
    public EquatableArray<int> CaseNumbers { get; init; }

    /// <summary>Objects and enums, and cases of unions by <see cref="Arguments"/>: the name in source.</summary>
    public string ShortName { get; init; } = "";

    /// <summary>Enums: the members as declared.</summary>
    public EquatableArray<EnumMemberModel> EnumMembers { get; init; }

    /// <summary>Enums: whether several members may stand together.</summary>
    public bool IsFlags { get; init; }

    /// <summary>Custom: the expression that makes the user's formatter.</summary>
    public string Formatter { get; init; } = "";

    /// <summary>Objects: classes that may be derived from.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Reached from a parameter or result, and so encoded by clients too.</summary>
    public bool IsOnWire { get; init; }

    /// <summary>The type of a state member that is refilled.</summary>
    public bool IsRefilled { get; init; }

    /// <summary>Can contain itself.</summary>
    public bool IsRecursive { get; init; }

    /// <summary>Is recursive or holds something that is, so that writing it counts levels.</summary>
    public bool CountsDepth { get; init; }

    /// <summary>Its decoder forgives different things to different origins.</summary>
    public bool DependsOnOrigin { get; init; }
}

/// <summary>One member of an enum.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its number as a literal.</param>
internal sealed record EnumMemberModel(string Name, string Value);

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
    Heap,
    Object,
    Union,
    Custom,
}

/// <summary>One member of an object.</summary>
/// <param name="Name">Its name; "" for a hole between the numbers of [Key].</param>
/// <param name="Type">Its type.</param>
/// <param name="TypeName">Its type as declared.</param>
/// <param name="Role">How its value gets into a new object.</param>
/// <param name="Position">Its place among the constructor's parameters, or −1.</param>
/// <param name="DefaultValue">The expression of its constructor parameter's default, or null.</param>
/// <param name="Key">Its name in the encoding of an object that is a map; otherwise "".</param>
/// <param name="IsRequired">Whether the compiler wants it in the initializer although the constructor sets it.</param>
internal sealed record MemberModel(
    string Name, TypeUse Type, string TypeName, MemberRole Role, int Position, string? DefaultValue, string Key = "", bool IsRequired = false)
{
    /// <summary>Whether its declaration gives every new object a value there, so that JSON may lack it.</summary>
    public bool HasInitializer { get; init; }

    /// <summary>The initializer where it means the same everywhere, such as a literal or an empty collection; otherwise null.</summary>
    public string? Initializer { get; init; }
}

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
