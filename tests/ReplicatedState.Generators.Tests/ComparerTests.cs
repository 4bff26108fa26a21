using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class ComparerTests
{
    private readonly Comparers _machine = new();

    [Fact]
    public void State_members_keep_the_comparers_of_their_initializers()
    {
        _machine.Fill();

        Comparers restored = Restore();

        Assert.Equal(1, restored.Caseless["a"]);
        Assert.Equal(["b", "A", "c"], restored.CaselessInOrder.Keys);
        Assert.Equal(2, restored.CaselessInOrder["a"]);
        Assert.Equal(["c", "b", "A"], restored.Backwards.Keys);
        Assert.Equal(4, restored.Immutable["a"]);
        Assert.Equal(4, restored.Immutable.Add("d", 4)["D"]);
        Assert.Equal(["c", "b", "A"], restored.ImmutableBackwards);
        Assert.Equal(1, restored.Frozen["a"]);
        restored.LatestFirst.Enqueue(9, "z");
        Assert.Equal(9, restored.LatestFirst.Dequeue());
    }

    [Fact]
    public void State_members_without_an_initializer_keep_ordinal_comparers()
    {
        Set(nameof(Comparers.LateSet), new SortedSet<string>(StringComparer.OrdinalIgnoreCase) { "b", "A" });
        Set(nameof(Comparers.LateMap), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 });

        Comparers restored = Restore();

        Assert.Same(StringComparer.OrdinalIgnoreCase, restored.LateSet!.Comparer);
        Assert.Equal(1, restored.LateMap!["A"]);
    }

    [Fact]
    public void Collections_inside_of_the_state_keep_ordinal_comparers()
    {
        _machine.Sets.AddRange([["a"], new(StringComparer.OrdinalIgnoreCase) { "a" }, new(StringComparer.Ordinal) { "a" }]);
        _machine.Maps.Add(1, new(StringComparer.Ordinal) { ["b"] = 1, ["B"] = 2 });
        _machine.Maps.Add(2, new(StringComparer.OrdinalIgnoreCase) { ["b"] = 1 });
        _machine.ImmutableSets.Add([]);
        _machine.ImmutableSets.Add(System.Collections.Immutable.ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "a"));
        var queue = new PriorityQueue<int, string>(StringComparer.Ordinal);
        queue.Enqueue(1, "b");
        queue.Enqueue(2, "B");
        _machine.Queues.Add(queue);

        Comparers restored = Restore();

        Assert.Equal([false, true, false], restored.Sets.Select(static set => set.Contains("A")));
        Assert.Equal(["B", "b"], restored.Maps[1].Keys);
        Assert.Equal(1, restored.Maps[2]["B"]);
        Assert.Contains("A", restored.ImmutableSets[1]);
        Assert.Equal(LocalChannel<Comparers>.Snapshot(_machine), LocalChannel<Comparers>.Snapshot(restored));
        Assert.Equal(2, restored.Queues[0].Dequeue());
    }

    [Fact]
    public void A_comparer_that_no_snapshot_can_carry_is_refused_when_the_snapshot_is_written()
    {
        _machine.Sets.Add(new HashSet<string>(StringComparer.InvariantCulture));
        Refuses("has the comparer System.CultureAwareComparer, which no snapshot can carry");
        _machine.Sets.Clear();

        _machine.Numbers.Add(new HashSet<int>(EqualityComparer<int>.Create(static (a, b) => a == b, static _ => 0)));
        Refuses("which no snapshot can carry");
        _machine.Numbers.Clear();

        Set(nameof(Comparers.LateSet), new SortedSet<string>(Comparer<string>.Create(string.CompareOrdinal)));
        Refuses("which no snapshot can carry");
    }

    [Fact]
    public void What_an_interface_would_come_back_as_is_what_stands_behind_it()
    {
        _machine.Interfaces.Add(new HashSet<int> { 1 });
        _machine.Tables.Add(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 });
        Assert.Equal(1, Restore().Tables[0]["A"]);

        _machine.Interfaces.Add(new SortedSet<int> { 1 });
        Refuses("A System.Collections.Generic.SortedSet`1[System.Int32] stands where exactly a System.Collections.Generic.HashSet`1[System.Int32] is encoded");
    }

    [Fact]
    public void Numbers_that_a_caller_sent_are_looked_up_by_value_after_a_restore_too()
    {
        // What a decoder made has a seeded comparer, which is the default one in all but the hash.
        _machine.Numbers.Add(new HashSet<int>(Serialization.UntrustedComparer.For<int>()) { 1 });

        Assert.Contains(1, Restore().Numbers[0]);
    }

    private Comparers Restore()
    {
        Comparers restored = LocalChannel<Comparers>.Restore(LocalChannel<Comparers>.Snapshot(_machine));
        Assert.Equal(((IStateMachine)_machine).ComputeStateHash(version: 1), ((IStateMachine)restored).ComputeStateHash(version: 1));
        return restored;
    }

    private void Refuses(string message) =>
        Assert.Contains(message, Assert.Throws<NotSupportedException>(() => LocalChannel<Comparers>.Snapshot(_machine)).Message, StringComparison.Ordinal);

    private void Set(string property, object value) => typeof(Comparers).GetProperty(property)!.SetValue(_machine, value);
}
