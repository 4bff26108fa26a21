using ReplicatedState.Serialization;

namespace ReplicatedState.Abstractions.Tests.Serialization;

public sealed class StateHasherTests
{
    [Fact]
    public void Equal_values_in_equal_order_hash_alike() => Assert.Equal(Hash(1, "a"), Hash(1, "a"));

    [Fact]
    public void Order_and_value_matter()
    {
        Assert.NotEqual(Hash(1, "a"), Hash(2, "a"));
        var forward = new StateHasher();
        forward.Add(1);
        forward.Add(2);
        var backward = new StateHasher();
        backward.Add(2);
        backward.Add(1);
        Assert.NotEqual(forward.TakeHash(0), backward.TakeHash(0));
    }

    [Fact]
    public void Texts_can_not_run_into_each_other()
    {
        var first = new StateHasher();
        first.Add("ab");
        first.Add("c");
        var second = new StateHasher();
        second.Add("a");
        second.Add("bc");
        Assert.NotEqual(first.TakeHash(0), second.TakeHash(0));
    }

    [Fact]
    public void Null_and_empty_differ()
    {
        var missing = new StateHasher();
        missing.Add((string?)null);
        var empty = new StateHasher();
        empty.Add("");
        Assert.NotEqual(missing.TakeHash(0), empty.TakeHash(0));
    }

    [Fact]
    public void Scale_sign_and_offset_matter()
    {
        Assert.NotEqual(Of(hasher => hasher.Add(1.0m)), Of(hasher => hasher.Add(1.00m)));
        Assert.NotEqual(Of(hasher => hasher.Add(0.0)), Of(hasher => hasher.Add(-0.0)));
        Assert.NotEqual(
            Of(hasher => hasher.Add(new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.Zero))),
            Of(hasher => hasher.Add(new DateTimeOffset(2024, 1, 1, 13, 0, 0, TimeSpan.FromHours(1)))));
    }

    [Fact]
    public void Taking_a_hash_forgets_what_came_after_the_mark()
    {
        var hasher = new StateHasher();
        hasher.Add(1);
        int mark = hasher.Mark;
        hasher.Add(new string('x', 100_000));
        UInt128 text = hasher.TakeHash(mark);

        Assert.Equal(mark, hasher.Mark);
        Assert.Equal(Of(other => other.Add(new string('x', 100_000))), text);
        Assert.Equal(Of(other => other.Add(1)), hasher.TakeHash(0));
    }

    /// <summary>The hash is compared between nodes, so its value is part of the format.</summary>
    [Fact]
    public void The_hash_is_the_same_on_every_machine() =>
        Assert.Equal("895EBCF96BEA73C28503CD142EA7033E", Hash(1, "a").ToString("X32", null));

    private static UInt128 Hash(int number, string text) => Of(hasher =>
    {
        hasher.Add(number);
        hasher.Add(text);
    });

    private static UInt128 Of(Action<StateHasher> add)
    {
        var hasher = new StateHasher();
        add(hasher);
        return hasher.TakeHash(0);
    }
}
