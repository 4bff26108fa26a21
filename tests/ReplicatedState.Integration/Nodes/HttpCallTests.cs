using System.Net;
using System.Text;
using System.Text.Json;

namespace ReplicatedState.Integration.Nodes;

/// <summary>Three real nodes, called in JSON by somebody who knows their HTTP addresses and nothing else.</summary>
public sealed class HttpCallTests
{
    [Fact]
    public async Task Any_node_executes_a_command_in_JSON_and_answers_from_what_a_session_has_seen()
    {
        await using var nodes = new BankTrio();
        await nodes.StartAllAsync();
        int leader = await nodes.LeaderAsync();
        int follower = (leader + 1) % 3;
        using var http = new HttpClient();

        string ada = await OpenAsync(leader, "ada", 100);
        string bob = await OpenAsync(follower, "bob", 50);
        string transfer = $$$"""{"type": "Transfer", "payload": {"transfer": {"id": "{{{Guid.NewGuid()}}}", "from": "{{{ada}}}", "to": "{{{bob}}}", "amount": 30} } }""";
        (JsonElement first, string seen) = await PostAsync(follower, "apply", transfer, ("Idempotency-Key", "once"));
        (JsonElement again, _) = await PostAsync(leader, "apply", transfer, ("Idempotency-Key", "once"));

        Assert.Equal(70, first.GetProperty("result").GetProperty("fromBalance").GetInt64());
        Assert.Equal(first.GetProperty("result").GetRawText(), again.GetProperty("result").GetRawText());
        Assert.True(first.GetProperty("index").GetUInt64() > 0 && first.GetProperty("term").GetUInt64() > 0);
        string balance = $$$"""{"type": "balance", "payload": {"account": "{{{bob}}}"}}""";
        for (int node = 0; node < 3; node++)
        {
            foreach (string route in (string[])["read", "read?consistency=lease", "read?consistency=session"])
                Assert.Equal(80, (await PostAsync(node, route, balance, ("X-Session-Token", seen))).Body.GetProperty("result").GetInt64());
        }

        async Task<string> OpenAsync(int node, string owner, long deposit)
        {
            (JsonElement opened, _) = await PostAsync(node, "apply", $$$"""{"type": "Open", "payload": {"owner": "{{{owner}}}", "deposit": {{{deposit}}}}}""");
            return opened.GetProperty("result").GetProperty("number").GetString()!;
        }

        async Task<(JsonElement Body, string Session)> PostAsync(int node, string route, string body, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{nodes.HttpPortOf(node)}/consensus/{route}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach ((string name, string value) in headers)
                request.Headers.Add(name, value);
            using HttpResponseMessage answer = await http.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{text}{nodes.Outputs}");
            return (JsonDocument.Parse(text).RootElement, answer.Headers.GetValues("X-Session-Token").Single());
        }
    }
}
