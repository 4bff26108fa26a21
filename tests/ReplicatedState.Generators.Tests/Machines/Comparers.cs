using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A machine whose collections compare in ways of their own.</summary>
[ReplicatedStateMachine("comparers")]
public sealed partial class Comparers
{
    private static readonly Comparer<string> Descending = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a));

    [State] public Dictionary<string, int> Caseless { get; private set; } = new(StringComparer.OrdinalIgnoreCase);
    [State] public OrderedDictionary<string, int> CaselessInOrder { get; } = new(StringComparer.OrdinalIgnoreCase);
    [State] public SortedList<string, int> Backwards { get; } = new(Descending);
    [State] public PriorityQueue<int, string> LatestFirst { get; } = new(Descending);
    [State] public ImmutableDictionary<string, int> Immutable { get; private set; } = ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase);
    [State] public ImmutableSortedSet<string> ImmutableBackwards { get; private set; } = ImmutableSortedSet.Create<string>(Descending);
    [State] public FrozenDictionary<string, int> Frozen { get; private set; } = new Dictionary<string, int>().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    [State] public FrozenSet<string> FrozenSet { get; private set; } = FrozenSet<string>.Empty;

    /// <summary>Without an initializer, so that nothing but the snapshot can say how they compare.</summary>
    [State] public SortedSet<string>? LateSet { get; private set; }

    [State] public Dictionary<string, int>? LateMap { get; private set; }

    [State] public List<HashSet<string>> Sets { get; } = [];
    [State] public Dictionary<int, SortedDictionary<string, int>> Maps { get; } = [];
    [State] public List<ImmutableHashSet<string>> ImmutableSets { get; } = [];
    [State] public List<PriorityQueue<int, string>> Queues { get; } = [];
    [State] public List<HashSet<int>> Numbers { get; } = [];
    [State] public List<IReadOnlySet<int>> Interfaces { get; } = [];
    [State] public List<IDictionary<string, int>> Tables { get; } = [];

    [Command]
    public void Fill()
    {
        foreach (string text in new[] { "b", "A", "c" })
        {
            Caseless.Add(text, 1);
            CaselessInOrder.Add(text, 2);
            Backwards.Add(text, 3);
            LatestFirst.Enqueue(text.Length, text);
            Immutable = Immutable.Add(text, 4);
            ImmutableBackwards = ImmutableBackwards.Add(text);
        }

        Frozen = Caseless.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
