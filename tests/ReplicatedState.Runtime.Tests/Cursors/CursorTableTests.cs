using System.Buffers;
using MessagePack;
using ReplicatedState.Pages;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Node.Harness;
using ReplicatedState.Testing;

namespace ReplicatedState.Runtime.Tests.Cursors;

public sealed class CursorTableTests
{
    private const int PageSize = 4096;
    private const int CursorsMax = 3;
    private const int PagesMax = 20;
    private readonly VirtualClock _clock = new();
    private readonly CursorTable _table;
    private ulong _drawn = 41;
    private string? _flaw;

    public CursorTableTests() => _table = new CursorTable(_clock, () => ++_drawn, 1 << 20, PagesMax * PageSize, CursorsMax);

    [Fact]
    public void Pages_come_in_order_and_the_last_says_that_it_is_the_last()
    {
        ulong id = Open(pages: 3);
        TestCall second = Ask(id, 1);
        Assert.Equal((ReplyStatus.Ok, id, 7UL, 1), (second.Status, second.NextCursor, second.Index, ItemOf(second)));
        TestCall third = Ask(id, 2);
        Assert.Equal((ReplyStatus.Ok, 0UL, 7UL, 2), (third.Status, third.NextCursor, third.Index, ItemOf(third)));
    }

    [Fact]
    public void Asking_again_for_the_same_page_gets_the_same_and_asking_for_the_next_frees_it()
    {
        ulong id = Open(pages: 4);
        Assert.Equal(3 * PageSize, _table.Memory.Bytes);
        Assert.Equal(Ask(id, 1).Body, Ask(id, 1).Body);
        Assert.Equal(3 * PageSize, _table.Memory.Bytes);
        Assert.Equal(2, ItemOf(Ask(id, 2)));
        Assert.Equal(2 * PageSize, _table.Memory.Bytes);
        Assert.Equal(3, ItemOf(Ask(id, 3)));
        Assert.Equal(3, ItemOf(Ask(id, 3)));
        Assert.Equal(PageSize, _table.Memory.Bytes);
    }

    [Theory]
    [InlineData(1, "the last one asked for was 2, and only that and the next can be")]
    [InlineData(4, "the last one asked for was 2")]
    [InlineData(uint.MaxValue, "the last one asked for was 2")]
    public void A_page_that_was_confirmed_or_is_not_next_is_refused_and_the_others_stay(uint page, string why)
    {
        ulong id = Open(pages: 5);
        Ask(id, 1);
        Ask(id, 2);
        TestCall refused = Ask(id, page);
        Assert.Equal(ReplyStatus.PageUnavailable, refused.Status);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, ItemOf(Ask(id, 3)));
    }

    [Fact]
    public void Behind_the_last_page_there_is_nothing()
    {
        ulong id = Open(pages: 2);
        Ask(id, 1);
        TestCall refused = Ask(id, 2);
        Assert.Equal(ReplyStatus.PageUnavailable, refused.Status);
        Assert.EndsWith("there are no more.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_wants_no_more_frees_everything_and_may_say_so_twice()
    {
        ulong id = Open(pages: 5);
        Ask(id, 1);
        Assert.Equal((ReplyStatus.Ok, 0), (Ask(id, 0).Status, _table.Count));
        Assert.Equal(0, _table.Memory.Bytes);
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(id, 0).Status);
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(id, 2).Status);
    }

    [Fact]
    public void A_result_is_kept_for_30_s_after_its_client_was_last_heard_of()
    {
        ulong used = Open(pages: 4);
        ulong left = Open(pages: 2);
        Advance(29_999);
        Assert.Equal(1, ItemOf(Ask(used, 1)));
        _table.Expire(_clock.MonotonicMs);
        Assert.Equal(2, _table.Count);
        Advance(1);
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(left, 1).Status); // whether or not anybody has looked meanwhile
        Assert.Equal(1, _table.Count);
        Advance(29_999);
        _table.Expire(_clock.MonotonicMs);
        Assert.Equal((0, 0L), (_table.Count, _table.Memory.Bytes));
        Assert.Contains("nobody has asked for it in 30 s", Ask(used, 2).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_only_so_many_and_one_that_expires_makes_room()
    {
        Open(pages: 2);
        Advance(1);
        Open(pages: 2);
        Open(pages: 2);
        PagedResult tooMany = Begin(pages: 2);
        Assert.False(_table.TryOpen(tooMany, 1, 0, 7, out _));
        Assert.Equal((CursorsMax, CursorsMax * PageSize), (_table.Count, _table.Memory.Bytes));
        Advance(29_999);
        Assert.True(_table.TryOpen(Begin(pages: 2), 1, 0, 7, out _));
        Assert.Equal(CursorsMax, _table.Count);
    }

    [Fact]
    public void All_pages_together_take_only_so_much_memory_and_what_is_refused_takes_none()
    {
        Open(pages: PagesMax - 3);
        Assert.Equal((PagesMax - 4) * PageSize, _table.Memory.Bytes);
        OverloadedException refused = Assert.Throws<OverloadedException>(() => Begin(pages: 6));
        Assert.Contains($"may keep {PagesMax * PageSize}", refused.Message, StringComparison.Ordinal);
        Assert.Equal((PagesMax - 4) * PageSize, _table.Memory.Bytes);
        Open(pages: 4);
        Assert.Equal((PagesMax - 1) * PageSize, _table.Memory.Bytes);

        // Until a result is made its first page counts, too, and here nothing but the last one lacks room.
        Assert.Throws<OverloadedException>(() => Begin(pages: 2));
        Assert.Equal((PagesMax - 1) * PageSize, _table.Memory.Bytes);
    }

    [Fact]
    public void A_result_of_one_page_needs_no_cursor_and_takes_nothing()
    {
        Assert.Null(TryBegin(pages: 1, out byte[] body));
        Assert.Equal(1, new MessagePackReader(body).ReadArrayHeader());
        Assert.Equal(0, _table.Memory.Bytes);
        Assert.Null(TryBegin(pages: 0, out body));
        Assert.Equal(0, new MessagePackReader(body).ReadArrayHeader());
    }

    [Fact]
    public void Pages_of_a_state_that_was_found_wrong_are_given_to_nobody()
    {
        ulong id = Open(pages: 4);
        Ask(id, 1);
        _flaw = "The state was found wrong.";
        TestCall refused = Ask(id, 2);
        Assert.Equal((ReplyStatus.MachineHalted, _flaw), (refused.Status, refused.Message));
        _flaw = null;
        Assert.Equal(ReplyStatus.PageUnavailable, Ask(id, 2).Status);
        Assert.Equal((0, 0L), (_table.Count, _table.Memory.Bytes));
    }

    [Fact]
    public void An_id_that_is_taken_is_not_given_twice_and_0_is_none()
    {
        ulong first = Open(pages: 2);
        _drawn = ulong.MaxValue;
        Assert.Equal(1UL, Open(pages: 2));
        _drawn = first - 1;
        Assert.Equal(first + 1, Open(pages: 2));
    }

    private ulong Open(int pages)
    {
        Assert.True(_table.TryOpen(Begin(pages), 1, 0, 7, out ulong id));
        return id;
    }

    private PagedResult Begin(int pages) => TryBegin(pages, out _)!;

    /// <summary>A result of pages of one item each, which is the number of the page.</summary>
    private PagedResult? TryBegin(int pages, out byte[] firstPage)
    {
        var account = new PageAccount(_table.Memory);
        using var writer = new PageWriter(new PageLimits(PageBytes: 6, ItemBytesMax: 100, ResultBytesMax: 1000), account.Take);
        var body = new ArrayBufferWriter<byte>();
        try
        {
            for (int i = 0; i < pages; i++)
            {
                var item = new MessagePackWriter(writer);
                item.Write(i);
                item.Flush();
                writer.EndItem();
            }

            PagedResult? rest = PagedResult.Begin(writer.TakePages(), account, () => _flaw, body);
            firstPage = body.WrittenSpan.ToArray();
            return rest;
        }
        catch (OverloadedException)
        {
            account.Dispose();
            throw;
        }
    }

    private TestCall Ask(ulong cursor, uint page)
    {
        var call = new TestCall { Kind = RequestKind.Page, Cursor = cursor, Page = page };
        _table.Answer(call);
        Assert.True(call.IsComplete);
        return call;
    }

    private void Advance(long ms) => _clock.AdvanceTo(_clock.NowUs + (ms * 1000));

    private static int ItemOf(TestCall call)
    {
        var reader = new MessagePackReader(call.Body);
        Assert.Equal(1, reader.ReadArrayHeader());
        return reader.ReadInt32();
    }
}
