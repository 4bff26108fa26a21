using System.Collections.Generic;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The generic collections that can be encoded, and how each is made and filled.</summary>
internal static class CollectionTypes
{
    private const string Generic = "System.Collections.Generic.";
    private const string Immutable = "System.Collections.Immutable.";
    private const string ObjectModel = "System.Collections.ObjectModel.";
    private const string Frozen = "System.Collections.Frozen.";

    private static readonly CollectionModel List = New(Generic + "List") with { TakesCapacity = true, Refill = CollectionRefill.InPlace };
    private static readonly CollectionModel HashSet = Hashed(New(Generic + "HashSet"));
    private static readonly CollectionModel Dictionary = Hashed(New(Generic + "Dictionary"));
    private static readonly CollectionModel ImmutableList = Built(Immutable + "ImmutableList");
    private static readonly CollectionModel ImmutableHashSet = Built(Immutable + "ImmutableHashSet", CollectionComparer.Equality);
    private static readonly CollectionModel ImmutableDictionary = Built(Immutable + "ImmutableDictionary", CollectionComparer.Equality);
    private static readonly CollectionModel ImmutableQueue = Copied(Immutable + "ImmutableQueue");
    private static readonly CollectionModel ImmutableStack = Copied(Immutable + "ImmutableStack") with { Filling = CollectionFilling.Backward };

    private static readonly Dictionary<string, (TypeShape Shape, CollectionModel Model)> Known = new()
    {
        [Generic + "List`1"] = (TypeShape.Sequence, List),
        [Generic + "IList`1"] = (TypeShape.Sequence, List with { IsInterface = true }),
        [Generic + "ICollection`1"] = (TypeShape.Sequence, List with { IsInterface = true }),
        [Generic + "IReadOnlyList`1"] = (TypeShape.Sequence, ReadOnly(List)),
        [Generic + "IReadOnlyCollection`1"] = (TypeShape.Sequence, ReadOnly(List)),
        [Generic + "Queue`1"] = (TypeShape.Sequence, List with { Concrete = Of("Queue"), Create = "new " + Of("Queue"), Add = "Enqueue" }),
        [Generic + "Stack`1"] = (TypeShape.Sequence, List with { Concrete = Of("Stack"), Create = "new " + Of("Stack"), Add = "Push", Filling = CollectionFilling.Backward }),
        [Generic + "LinkedList`1"] = (TypeShape.Sequence, New(Generic + "LinkedList") with { Add = "AddLast", Refill = CollectionRefill.InPlace }),
        [ObjectModel + "Collection`1"] = (TypeShape.Sequence, New(ObjectModel + "Collection") with { Refill = CollectionRefill.InPlace }),
        [ObjectModel + "ReadOnlyCollection`1"] = (TypeShape.Sequence, Wrapped(List, "ReadOnlyCollection")),
        [Immutable + "ImmutableList`1"] = (TypeShape.Sequence, ImmutableList),
        [Immutable + "IImmutableList`1"] = (TypeShape.Sequence, ReadOnly(ImmutableList)),
        [Immutable + "ImmutableQueue`1"] = (TypeShape.Sequence, ImmutableQueue),
        [Immutable + "IImmutableQueue`1"] = (TypeShape.Sequence, ReadOnly(ImmutableQueue)),
        [Immutable + "ImmutableStack`1"] = (TypeShape.Sequence, ImmutableStack),
        [Immutable + "IImmutableStack`1"] = (TypeShape.Sequence, ReadOnly(ImmutableStack)),

        [Generic + "HashSet`1"] = (TypeShape.Set, HashSet),
        [Generic + "ISet`1"] = (TypeShape.Set, HashSet with { IsInterface = true }),
        [Generic + "IReadOnlySet`1"] = (TypeShape.Set, ReadOnly(HashSet)),
        [ObjectModel + "ReadOnlySet`1"] = (TypeShape.Set, Wrapped(HashSet, "ReadOnlySet")),
        [Generic + "SortedSet`1"] = (TypeShape.Set, Ordered(New(Generic + "SortedSet"))),
        [Immutable + "ImmutableHashSet`1"] = (TypeShape.Set, ImmutableHashSet),
        [Immutable + "IImmutableSet`1"] = (TypeShape.Set, ReadOnly(ImmutableHashSet)),
        [Immutable + "ImmutableSortedSet`1"] = (TypeShape.Set, Built(Immutable + "ImmutableSortedSet", CollectionComparer.Order)),
        [Frozen + "FrozenSet`1"] = (TypeShape.Set, FrozenFrom(HashSet, "FrozenSet")),

        [Generic + "Dictionary`2"] = (TypeShape.Map, Dictionary),
        [Generic + "IDictionary`2"] = (TypeShape.Map, Dictionary with { IsInterface = true }),
        [Generic + "IReadOnlyDictionary`2"] = (TypeShape.Map, ReadOnly(Dictionary)),
        [ObjectModel + "ReadOnlyDictionary`2"] = (TypeShape.Map, Wrapped(Dictionary, "ReadOnlyDictionary")),
        [Generic + "OrderedDictionary`2"] = (TypeShape.Map, Hashed(New(Generic + "OrderedDictionary")) with { IsOrdered = true }),
        [Generic + "SortedDictionary`2"] = (TypeShape.Map, Ordered(New(Generic + "SortedDictionary"))),
        [Generic + "SortedList`2"] = (TypeShape.Map, Ordered(New(Generic + "SortedList")) with { TakesCapacity = true, Filling = CollectionFilling.Sorted }),
        [Immutable + "ImmutableDictionary`2"] = (TypeShape.Map, ImmutableDictionary),
        [Immutable + "IImmutableDictionary`2"] = (TypeShape.Map, ReadOnly(ImmutableDictionary)),
        [Immutable + "ImmutableSortedDictionary`2"] = (TypeShape.Map, Built(Immutable + "ImmutableSortedDictionary", CollectionComparer.Order)),
        [Frozen + "FrozenDictionary`2"] = (TypeShape.Map, FrozenFrom(Dictionary, "FrozenDictionary")),

        [Generic + "PriorityQueue`2"] = (TypeShape.Heap, Ordered(New(Generic + "PriorityQueue")) with { Add = "Enqueue", TakesCapacity = true }),
    };

    private static readonly Dictionary<string, string> Refused = new()
    {
        [Generic + "IEnumerable`1"] = "could be computed anew, with another outcome, each time it is read; use IReadOnlyList, IReadOnlySet or IReadOnlyDictionary",
        ["System.Linq.IQueryable`1"] = "is a question to a service",
        [ObjectModel + "ObservableCollection`1"] = "tells handlers of its changes, which no snapshot holds; use Collection or List",
        [ObjectModel + "ReadOnlyObservableCollection`1"] = "tells handlers of its changes, which no snapshot holds; use ReadOnlyCollection",
        ["System.ComponentModel.BindingList`1"] = "tells handlers of its changes, which no snapshot holds; use Collection or List",
        ["System.Runtime.CompilerServices.ConditionalWeakTable`2"] = "loses entries whenever its process collects garbage",
        ["System.WeakReference`1"] = "loses its target whenever its process collects garbage",
        ["System.Lazy`1"] = "is code and not a value; use the value",
    };

    public static bool TryFind(string metadataName, out TypeShape shape, out CollectionModel model)
    {
        bool isKnown = Known.TryGetValue(metadataName, out var found);
        (shape, model) = found;
        return isKnown;
    }

    /// <summary>Whether a collection is a view of another one, whose comparer can't be asked for.</summary>
    public static bool HidesComparer(string name) => name is "ReadOnlyDictionary" or "ReadOnlySet";

    /// <summary>Why a framework type that holds other things can't be encoded, or null where there is nothing particular to say.</summary>
    public static string? Refusal(string metadataName)
    {
        if (Refused.TryGetValue(metadataName, out string? reason))
            return reason;
        if (metadataName.StartsWith("System.Collections.Concurrent.", System.StringComparison.Ordinal))
            return "is for several threads, and a machine has one; its order is that of a race. Use the collection of the same kind in System.Collections.Generic";
        return metadataName is "System.Collections.ArrayList" or "System.Collections.Hashtable" or "System.Collections.SortedList" or "System.Collections.Queue" or "System.Collections.Stack"
            || metadataName.StartsWith("System.Collections.Specialized.", System.StringComparison.Ordinal)
            || metadataName is "System.Collections.IEnumerable" or "System.Collections.ICollection" or "System.Collections.IList" or "System.Collections.IDictionary" or "System.Collections.DictionaryEntry"
            ? "doesn't say what it holds; use a generic collection"
            : null;
    }

    private static string Of(string name) => $"global::{Generic}{name}";

    private static CollectionModel New(string type) => new() { Concrete = $"global::{type}", Create = $"new global::{type}" };

    private static CollectionModel Hashed(CollectionModel model) =>
        model with { IsOrdered = false, TakesCapacity = true, Comparer = CollectionComparer.Equality, Refill = CollectionRefill.InPlace };

    private static CollectionModel Ordered(CollectionModel model) => model with { Comparer = CollectionComparer.Order, Refill = CollectionRefill.InPlace };

    private static CollectionModel ReadOnly(CollectionModel model) => model with { IsInterface = true, Refill = CollectionRefill.Never };

    private static CollectionModel Wrapped(CollectionModel model, string wrapper) => model with
    {
        Concrete = $"global::{ObjectModel}{wrapper}",
        Finish = $"new global::{ObjectModel}{wrapper}{{1}}({{0}})",
        Refill = CollectionRefill.Never,
    };

    private static CollectionModel FrozenFrom(CollectionModel model, string frozen) => model with
    {
        Concrete = $"global::{Frozen}{frozen}",
        Finish = $"global::{Frozen}{frozen}.To{frozen}({{0}}, {{0}}.Comparer)",
        Refill = CollectionRefill.Comparers,
    };

    private static CollectionModel Built(string type, CollectionComparer comparer = CollectionComparer.None) => new()
    {
        Concrete = $"global::{type}",
        Create = $"global::{type}.CreateBuilder",
        Finish = "{0}.ToImmutable()",
        IsOrdered = comparer != CollectionComparer.Equality,
        Comparer = comparer,
        ComparerProperty = "KeyComparer",
        Refill = comparer == CollectionComparer.None ? CollectionRefill.Never : CollectionRefill.Comparers,
    };

    private static CollectionModel Copied(string type) => List with
    {
        Concrete = $"global::{type}",
        Finish = $"global::{type}.CreateRange({{0}})",
        HasCount = false,
        Refill = CollectionRefill.Never,
    };
}
