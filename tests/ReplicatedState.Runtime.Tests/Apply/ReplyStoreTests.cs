using CsCheck;
using ReplicatedState.Runtime.Apply.Sessions;

namespace ReplicatedState.Runtime.Tests.Apply;

public sealed class ReplyStoreTests
{
    [Fact]
    public void What_is_kept_is_what_was_added_however_much_comes_and_goes_in_between()
    {
        Gen.Select(Gen.Int[0, 200_000], Gen.Byte, Gen.Bool).Array[1, 300].Sample(steps =>
        {
            var store = new ReplyStore();
            var kept = new List<(StoredBytes Place, int Length, byte Fill)>();
            foreach ((int number, byte fill, bool drop) in steps)
            {
                if (drop && kept.Count > 0)
                {
                    int at = number % kept.Count;
                    store.Drop(kept[at].Place);
                    kept.RemoveAt(at);
                }
                else
                {
                    int length = number % 10 == 0 ? number : number % 100; // mostly small, sometimes larger than a page
                    byte[] bytes = new byte[length];
                    Array.Fill(bytes, fill);
                    kept.Add((store.Add(bytes.AsSpan(0, length / 3), bytes.AsSpan(length / 3)), length, fill));
                }

                foreach ((StoredBytes place, int length, byte content) in kept)
                {
                    ReadOnlySpan<byte> bytes = store.Get(place);
                    Assert.Equal(length, bytes.Length);
                    Assert.False(bytes.ContainsAnyExcept(content));
                }
            }
        }, iter: 100);
    }

    [Fact]
    public void Slots_that_were_given_back_are_filled_again_before_a_new_page_is_made()
    {
        var store = new ReplyStore();
        StoredBytes[] places = [.. Enumerable.Range(0, 256).Select(i => store.Add([(byte)i], default))];
        Assert.Equal(1, store.PageCount);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 50; i < 150; i++)
                store.Drop(places[i]);
            for (int i = 50; i < 150; i++)
                places[i] = store.Add([(byte)i], default);
        }

        Assert.Equal(1, store.PageCount);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), places.Select(place => store.Get(place)[0]));
    }

    [Fact]
    public void Memory_that_a_burst_took_is_given_back()
    {
        var store = new ReplyStore();
        StoredBytes[] places = [.. Enumerable.Range(0, 10_000).Select(_ => store.Add(new byte[1000], default))];
        Assert.True(store.PageCount > 100);
        foreach (StoredBytes place in places)
            store.Drop(place);
        Assert.Equal(1, store.PageCount);
    }

    [Fact]
    public void No_bytes_need_no_place()
    {
        var store = new ReplyStore();
        StoredBytes nothing = store.Add(default, default);
        store.Drop(nothing);
        Assert.Equal(0, store.PageCount);
        Assert.True(store.Get(nothing).IsEmpty);
    }
}
