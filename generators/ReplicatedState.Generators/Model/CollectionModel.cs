namespace ReplicatedState.Generators.Model;

/// <summary>How a collection is made, filled and compared.</summary>
internal sealed record CollectionModel
{
    /// <summary>The type that its decoder makes, qualified and without type arguments; another than the declared one where that is an interface.</summary>
    public required string Concrete { get; init; }

    /// <summary>What is filled, up to the parenthesis of its arguments: <c>new …List</c>, or the maker of a builder; without type arguments.</summary>
    public required string Create { get; init; }

    /// <summary>The method that adds an element.</summary>
    public string Add { get; init; } = "Add";

    /// <summary>How the result comes of what was filled, which stands for <c>{0}</c>; type arguments for <c>{1}</c>.</summary>
    public string Finish { get; init; } = "{0}";

    /// <summary>The type arguments, in angle brackets.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Whether the order of its elements is part of its value.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>Whether making one takes a capacity.</summary>
    public bool TakesCapacity { get; init; }

    /// <summary>Whether it knows its count.</summary>
    public bool HasCount { get; init; } = true;

    /// <summary>Whether the declared type is an interface.</summary>
    public bool IsInterface { get; init; }

    /// <summary>How its elements, keys or priorities are compared.</summary>
    public CollectionComparer Comparer { get; init; }

    /// <summary>The property that says by which comparer.</summary>
    public string ComparerProperty { get; init; } = "Comparer";

    /// <summary>The order in which it has to be filled.</summary>
    public CollectionFilling Filling { get; init; }

    /// <summary>What becomes of the collection that a state member's initializer made.</summary>
    public CollectionRefill Refill { get; init; }
}

/// <summary>How elements, keys or priorities are compared.</summary>
internal enum CollectionComparer
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>For equality, by hash codes.</summary>
    Equality,

    /// <summary>By an order.</summary>
    Order,
}

/// <summary>The order in which a collection has to be filled.</summary>
internal enum CollectionFilling
{
    /// <summary>As it was written.</summary>
    Forward,

    /// <summary>A stack: written from its top, and pushed from its bottom.</summary>
    Backward,

    /// <summary>An array that is kept sorted: adding in any other order would take time that is quadratic.</summary>
    Sorted,
}

/// <summary>What becomes of the collection that a state member's initializer made, when a snapshot is read.</summary>
internal enum CollectionRefill
{
    /// <summary>It is replaced.</summary>
    Never,

    /// <summary>It is emptied and filled.</summary>
    InPlace,

    /// <summary>It can't be changed: its comparers go to the one that replaces it.</summary>
    Comparers,
}
