using System.Numerics;

namespace ReplicatedState.Json;

/// <summary>The types that consist of others, or are declared.</summary>
public abstract partial class JsonType
{
    /// <summary>A type with a formatter of the user's own.</summary>
    /// <param name="name">What errors call it.</param>
    public static JsonType Formatted(string name) => new FormattedType(name);

    /// <summary>An enum.</summary>
    /// <typeparam name="T">The underlying integer.</typeparam>
    /// <param name="isFlags">Whether several members may stand together.</param>
    /// <param name="members">The members, with their names in C#.</param>
    public static JsonType Enum<T>(bool isFlags, params (string Name, T Value)[] members)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new EnumType<T>(isFlags, members);

    /// <summary>A value type that may be null.</summary>
    public static JsonType Nullable(JsonTypeUse underlying) => new NullableType(underlying);

    /// <summary>A tuple.</summary>
    public static JsonType Tuple(params JsonTypeUse[] elements) => new TupleType(elements);

    /// <summary>An array, list or set.</summary>
    /// <param name="element">Its elements.</param>
    /// <param name="hasNull">Whether it is a value type with a null of its own.</param>
    public static JsonType List(JsonTypeUse element, bool hasNull = false) => new ListType(element, hasNull);

    /// <summary>A dictionary.</summary>
    public static JsonType Map(JsonTypeUse key, JsonTypeUse value) => new MapType(key, value);

    /// <summary>A priority queue.</summary>
    public static JsonType Heap(JsonTypeUse element, JsonTypeUse priority) => new HeapType(element, priority);

    /// <summary>A record, struct or class that is encoded as an array of its members.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="isRecursive">Whether it may hold itself, and so be nested without end.</param>
    /// <param name="members">Its members in the order of their encoding.</param>
    public static JsonType Object(string name, bool isRecursive, params JsonMember[] members) => new ObjectType(name, isNamed: false, isRecursive, members);

    /// <summary>A class or struct that is encoded as a map of its members by name.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="isRecursive">Whether it may hold itself, and so be nested without end.</param>
    /// <param name="members">Its members in the order of their encoding.</param>
    public static JsonType NamedObject(string name, bool isRecursive, params JsonMember[] members) => new ObjectType(name, isNamed: true, isRecursive, members);

    /// <summary>An interface or abstract class with <c>[Union]</c>.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="cases">The number, name and type of each case.</param>
    public static JsonType Union(string name, params (int Number, string Name, JsonTypeUse Use)[] cases) => new UnionType(name, cases);
}
