using System.Collections.Generic;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The generic collections that can be encoded, and how each is made and filled.</summary>
internal static class CollectionTypes
{
    private const string Space = "System.Collections.Generic.";
    private static readonly Dictionary<string, (TypeShape Shape, CollectionModel Model)> Known = new()
    {
        [Space + "List`1"] = Sequence("List", takesCapacity: true),
        [Space + "IList`1"] = Sequence("List", takesCapacity: true),
        [Space + "ICollection`1"] = Sequence("List", takesCapacity: true),
        [Space + "IReadOnlyList`1"] = Sequence("List", takesCapacity: true),
        [Space + "IReadOnlyCollection`1"] = Sequence("List", takesCapacity: true),
        [Space + "Queue`1"] = Sequence("Queue", takesCapacity: true, add: "Enqueue"),
        [Space + "Stack`1"] = Sequence("Stack", takesCapacity: true, add: "Push", isReversed: true),
        [Space + "LinkedList`1"] = Sequence("LinkedList", takesCapacity: false, add: "AddLast"),
        [Space + "HashSet`1"] = Set("HashSet", isOrdered: false),
        [Space + "ISet`1"] = Set("HashSet", isOrdered: false),
        [Space + "IReadOnlySet`1"] = Set("HashSet", isOrdered: false),
        [Space + "SortedSet`1"] = Set("SortedSet", isOrdered: true),
        [Space + "Dictionary`2"] = Map("Dictionary", isOrdered: false, takesCapacity: true),
        [Space + "IDictionary`2"] = Map("Dictionary", isOrdered: false, takesCapacity: true),
        [Space + "IReadOnlyDictionary`2"] = Map("Dictionary", isOrdered: false, takesCapacity: true),
        [Space + "SortedDictionary`2"] = Map("SortedDictionary", isOrdered: true, takesCapacity: false),
        [Space + "SortedList`2"] = Map("SortedList", isOrdered: true, takesCapacity: true),
        [Space + "OrderedDictionary`2"] = Map("OrderedDictionary", isOrdered: true, takesCapacity: true),
    };

    public static bool TryFind(string metadataName, out TypeShape shape, out CollectionModel model)
    {
        bool isKnown = Known.TryGetValue(metadataName, out var found);
        (shape, model) = found;
        return isKnown;
    }

    /// <summary>Whether a declared type lets its content be replaced in place.</summary>
    public static bool IsMutable(string metadataName) => !metadataName.StartsWith(Space + "IReadOnly", System.StringComparison.Ordinal);

    private static (TypeShape, CollectionModel) Sequence(string concrete, bool takesCapacity, string add = "Add", bool isReversed = false) =>
        (TypeShape.Sequence, new CollectionModel($"global::{Space}{concrete}", add, IsOrdered: true, takesCapacity, IsHashed: false, isReversed));

    private static (TypeShape, CollectionModel) Set(string concrete, bool isOrdered) =>
        (TypeShape.Set, new CollectionModel($"global::{Space}{concrete}", "Add", isOrdered, TakesCapacity: !isOrdered, IsHashed: !isOrdered, IsReversed: false));

    private static (TypeShape, CollectionModel) Map(string concrete, bool isOrdered, bool takesCapacity) =>
        (TypeShape.Map, new CollectionModel($"global::{Space}{concrete}", "Add", isOrdered, takesCapacity, IsHashed: concrete is "Dictionary" or "OrderedDictionary", IsReversed: false));
}
