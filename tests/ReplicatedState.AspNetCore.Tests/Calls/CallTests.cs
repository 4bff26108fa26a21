using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Answer = ReplicatedState.AspNetCore.Tests.Calls.ShopNode.Answer;

namespace ReplicatedState.AspNetCore.Tests.Calls;

/// <summary>Commands and queries in JSON, over HTTP, to a real node.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private ShopNode _node = null!;

    public async Task InitializeAsync() => _node = await ShopNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_command_is_executed_and_answered_with_its_result_and_its_place_in_the_log()
    {
        Answer received = await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "ink", "count": 5}}""");
        Answer sold = await _node.ApplyAsync("""{"type": "sell", "payload": {"Article": "ink", "count": 2}}""");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (sold.Status, sold.ContentType));
        Assert.Equal("command applied successfully", sold["message"].GetString());
        Assert.Equal("""{"article":"ink","left":3,"number":1}""", sold["result"].GetRawText());
        Assert.Equal(JsonValueKind.Null, received["result"].ValueKind);
        Assert.True(sold["index"].GetUInt64() > received["index"].GetUInt64() && received["index"].GetUInt64() > 0);
        Assert.True(sold["term"].GetUInt64() >= 1);
    }

    [Fact]
    public async Task A_query_is_answered_by_its_name_or_where_none_is_named_by_the_default_one()
    {
        await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "Tinte für 3 €", "count": 5}}""");

        Assert.Equal("""{"result":5}""", (await _node.ReadAsync("""{"type": "stock", "payload": {"article": "Tinte für 3 €"}}""")).Text);
        Assert.Equal("""{"result":5}""", (await _node.ReadAsync("""{"article": "Tinte für 3 €"}""")).Text);
        Assert.Equal("""{"result":0}""", (await _node.ReadAsync("""{"type": "Sales"}""")).Text);
        Assert.Equal("""{"result":["Tinte für 3 €"]}""", (await _node.ReadAsync("""{"type": "Names", "payload": null}""")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?consistency=linearizable")]
    [InlineData("?consistency=Lease")]
    [InlineData("?consistency=bounded&max_staleness=5s")]
    [InlineData("?max_staleness=500ms")]
    [InlineData("?consistency=session")]
    [InlineData("?consistency=local")]
    [InlineData("?consistency=eventual")]
    public async Task A_query_names_its_consistency_in_the_address_or_in_a_header(string query)
    {
        Assert.Equal("""{"result":0}""", (await _node.ReadAsync("""{"article": "ink"}""", query)).Text);
        if (query.StartsWith("?consistency=", StringComparison.Ordinal) && !query.Contains('&', StringComparison.Ordinal))
            Assert.Equal("""{"result":0}""", (await _node.ReadAsync("""{"article": "ink"}""", "", ("X-Consistency-Level", query["?consistency=".Length..]))).Text);
        Assert.Equal("""{"result":0}""", (await _node.ReadAsync("""{"type": "Sales"}""", "?consistency=bounded")).Text);
    }

    [Theory]
    [InlineData("?consistency=strong", "There is no consistency 'strong': there are linearizable, lease, bounded, session, local (or eventual, which is the same).")]
    [InlineData("?consistency=bounded", "The level 'bounded' needs its bound, such as max_staleness=5s.")]
    [InlineData("?consistency=bounded&max_staleness=5", "max_staleness: '5' has no unit: write 5s or 5ms.")]
    [InlineData("?consistency=bounded&max_staleness=48h", "max_staleness is '48h': the bound of a stale read is from 1 ms to a day.")]
    [InlineData("?consistency=local&max_staleness=5s", "'max_staleness' is a bound of the level 'bounded', and the call asks for 'local'.")]
    [InlineData("?consistency=local&consistency=lease", "The parameter 'consistency' of the address is there 2 times.")]
    public async Task A_consistency_that_does_not_exist_is_refused_in_words(string query, string sentence)
    {
        Answer answer = await _node.ReadAsync("""{"article": "ink"}""", query);

        Assert.Equal((HttpStatusCode.BadRequest, sentence), (answer.Status, answer["error"].GetString()));
    }

    [Fact]
    public async Task An_address_and_a_header_that_contradict_each_other_are_refused() => Assert.Equal(
        "The address asks for the consistency 'local', and the header X-Consistency-Level for 'lease'.",
        (await _node.ReadAsync("""{"article": "ink"}""", "?consistency=local", ("X-Consistency-Level", "lease")))["error"].GetString());

    [Fact]
    public async Task A_command_under_a_key_is_executed_once_and_answered_alike_each_time()
    {
        await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "ink", "count": 5}}""");
        const string sell = """{"type": "Sell", "payload": {"article": "ink", "count": 1}}""";
        Answer first = await _node.ApplyAsync(sell, ("Idempotency-Key", "order 17"));
        Answer second = await _node.ApplyAsync(sell, ("Idempotency-Key", "order 17"));
        Answer other = await _node.ApplyAsync(sell);

        Assert.Equal(first["result"].GetRawText(), second["result"].GetRawText());
        Assert.Equal(3, other["result"].GetProperty("left").GetInt64());
        Answer unusable = await _node.ApplyAsync(sell, ("Idempotency-Key", new string('k', 65)));
        Assert.Equal((HttpStatusCode.BadRequest, "CONSENSUS_INVALID_COMMAND"), (unusable.Status, unusable["code"].GetString()));
        Assert.StartsWith("The header Idempotency-Key can't be used: ", unusable["error"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_goes_on_by_the_token_that_the_last_answer_gave()
    {
        Answer received = await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "ink", "count": 5}}""");
        SessionToken seen = SessionToken.Parse(received.Session!);
        Answer read = await _node.ReadAsync("""{"article": "ink"}""", "?consistency=session", ("X-Session-Token", received.Session!));
        Answer ahead = await _node.ReadAsync("""{"article": "ink"}""", "?consistency=session", ("X-Session-Token", (seen with { Index = seen.Index + 1_000_000 }).ToString()));
        Answer none = await _node.ReadAsync("""{"article": "ink"}""", "?consistency=session", ("X-Session-Token", "here"));

        Assert.Equal(received["index"].GetUInt64(), seen.Index);
        Assert.Equal("""{"result":5}""", read.Text);
        Assert.True(SessionToken.Parse(read.Session!).Index >= seen.Index);
        Assert.Equal((HttpStatusCode.BadRequest, "CONSENSUS_INVALID_CONSISTENCY"), (ahead.Status, ahead["code"].GetString()));
        Assert.Equal((HttpStatusCode.BadRequest, "CONSENSUS_INVALID_CONSISTENCY"), (none.Status, none["code"].GetString()));
    }

    [Fact]
    public async Task A_result_of_many_pages_comes_as_one_array()
    {
        await _node.ApplyAsync("""{"type": "Fill", "payload": {"count": 3000, "letters": 900}}""");
        Answer answer = await _node.ReadAsync("""{"type": "Names"}""");

        JsonElement[] names = [.. answer["result"].EnumerateArray()];
        Assert.Equal(3000, names.Length);
        Assert.Equal(names.Select((_, i) => i.ToString("d4", CultureInfo.InvariantCulture)), names.Select(static name => name.GetString()![..4]));
        Assert.Equal("application/json", answer.ContentType);
        Assert.NotNull(answer.Session);
    }

    [Theory]
    [InlineData("apply", """{"type": "Sel"}""", "CONSENSUS_UNKNOWN_COMMAND", "The machine 'shop' has no command named 'Sel'")]
    [InlineData("apply", """{"type": "Stock"}""", "CONSENSUS_UNKNOWN_COMMAND", "'Stock' is a query")]
    [InlineData("read", """{"type": "Sell"}""", "CONSENSUS_UNKNOWN_COMMAND", "'Sell' is a command")]
    [InlineData("apply", """{"type": "Sell", "payload": {"article": "ink", "count": "many"}}""", "CONSENSUS_INVALID_COMMAND", "$.count")]
    [InlineData("apply", """{"type": "Sell", "payload": {"article": "ink", "count": 1, "price": 2}}""", "CONSENSUS_INVALID_COMMAND", "'price'")]
    [InlineData("apply", """{"type": "Sell", "payload": {"article": "ink"}}""", "CONSENSUS_INVALID_COMMAND", "count")]
    [InlineData("apply", """{"type": "Sell", "payload": {}, "key": 1}""", "CONSENSUS_INVALID_COMMAND", "The body has 'key' beside 'type', where only 'payload' may stand: arguments belong into it.")]
    [InlineData("apply", """{"type": "Sell", "type": "Break"}""", "CONSENSUS_INVALID_COMMAND", "The body has 'type' twice.")]
    [InlineData("apply", """{"type": "Sell", "payload": {}, "payload": {}}""", "CONSENSUS_INVALID_COMMAND", "The body has 'payload' twice.")]
    [InlineData("apply", """{"type": 7}""", "CONSENSUS_INVALID_COMMAND", "'type' is a number, and must be the name of a command or query.")]
    [InlineData("apply", """{"article": "ink"}""", "CONSENSUS_INVALID_COMMAND", "The body has no 'type', which names the command.")]
    [InlineData("apply", "[1]", "CONSENSUS_INVALID_COMMAND", "The body is an array, and must be an object")]
    [InlineData("apply", "{", "CONSENSUS_INVALID_COMMAND", "The body is no JSON: ")]
    [InlineData("apply", "", "CONSENSUS_INVALID_COMMAND", "The body is no JSON: ")]
    [InlineData("read", """{"articel": "ink"}""", "CONSENSUS_INVALID_COMMAND", "'articel'")]
    public async Task What_the_machine_does_not_take_is_refused_in_words_before_anything_is_logged(string route, string body, string code, string sentence)
    {
        Answer before = await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "ink", "count": 1}}""");
        Answer answer = await _node.PostAsync("/consensus/" + route, body);
        Answer after = await _node.ApplyAsync("""{"type": "Receive", "payload": {"article": "ink", "count": 1}}""");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json", code), (answer.Status, answer.ContentType, answer["code"].GetString()));
        Assert.Contains(sentence, answer["error"].GetString(), StringComparison.Ordinal);
        Assert.Equal(answer["error"].GetString(), answer["detail"].GetString());
        Assert.Equal(400, answer["status"].GetInt32());
        Assert.False(answer["ambiguous"].GetBoolean());
        Assert.Equal(before["index"].GetUInt64() + 1, after["index"].GetUInt64());
    }

    [Fact]
    public async Task A_machines_own_refusal_is_a_conflict_with_its_code_and_a_failure_is_an_error_of_the_server()
    {
        Answer rejected = await _node.ApplyAsync("""{"type": "Sell", "payload": {"article": "ink", "count": 1}}""");
        Answer failed = await _node.ApplyAsync("""{"type": "Break"}""");

        Assert.Equal((HttpStatusCode.Conflict, "CONSENSUS_COMMAND_REJECTED", "too_few"), (rejected.Status, rejected["code"].GetString(), rejected["rejection_code"].GetString()));
        Assert.Equal("There are 0 of 'ink'.", rejected["error"].GetString());
        Assert.Equal((HttpStatusCode.InternalServerError, "CONSENSUS_COMMAND_FAILED", "System.InvalidOperationException"), (failed.Status, failed["code"].GetString(), failed["exception"].GetString()));
    }

    [Fact]
    public async Task A_body_that_is_not_called_JSON_is_refused_with_its_own_status()
    {
        using var form = new StringContent("""{"type": "Break"}""", Encoding.UTF8, "text/plain");
        Answer answer = await _node.PostAsync("/consensus/apply", form);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal("The body has the content type 'text/plain; charset=utf-8', and must be application/json.", answer["error"].GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_larger_than_a_message_may_be_is_refused_whether_or_not_its_length_is_announced(bool isAnnounced)
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"type\": \"Receive\", \"payload\": {\"count\": 1, \"article\": \"" + new string('x', 1024 * 1024) + "\"}}");
        using HttpContent content = isAnnounced ? new ByteArrayContent(body) : new StreamContent(new UnknownLength(body));
        content.Headers.ContentType = new("application/json");
        Answer answer = await _node.PostAsync("/consensus/apply", content);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "CONSENSUS_PAYLOAD_TOO_LARGE"), (answer.Status, answer["code"].GetString()));
        Assert.Contains("transport.max_message_size", answer["error"].GetString(), StringComparison.Ordinal);
    }

    /// <summary>A stream that doesn't say how long it is, so that it is sent in chunks.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
