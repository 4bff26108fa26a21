using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Answer = ReplicatedState.AspNetCore.Tests.Calls.ShopNode.Answer;

namespace ReplicatedState.AspNetCore.Tests.Calls;

/// <summary>Where calls in JSON are answered, for whom, and by which machine.</summary>
public sealed class CallRouteTests
{
    private const string Read = """{"article": "ink"}""";

    [Fact]
    public async Task Nothing_is_called_over_HTTP_unless_the_application_asks_for_it()
    {
        await using ShopNode node = await ShopNode.StartAsync(static builder => builder.AddStateMachine<Shop>(), static _ => { });

        Assert.Equal(HttpStatusCode.NotFound, (await node.ReadAsync(Read)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await node.ApplyAsync("""{"type": "Break"}""")).Status);
    }

    [Fact]
    public async Task The_port_of_peers_and_gRPC_clients_answers_no_call()
    {
        await using ShopNode node = await ShopNode.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{node.PeerPort}/consensus/read")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Read, Encoding.UTF8, "application/json"),
        };
        request.Headers.Host = node.AddressOf("/").Authority; // which the caller chooses, and which nobody believes
        using HttpResponseMessage answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.ReadAsync(Read)).Status);
    }

    [Fact]
    public async Task The_routes_stand_below_the_prefix_that_is_asked_for_and_obey_the_applications_authorization()
    {
        await using ShopNode node = await ShopNode.StartAsync(
            static builder => builder.AddStateMachine<Shop>(),
            static app => app.MapReplicatedStateCalls("/shop").RequireAuthorization(),
            static builder =>
            {
                builder.Services.AddAuthentication("word").AddScheme<AuthenticationSchemeOptions, WordHandler>("word", null);
                builder.Services.AddAuthorization();
            });

        Assert.Equal(HttpStatusCode.Unauthorized, (await node.PostAsync("/shop/read", Read)).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.PostAsync("/shop/read", Read, ("Authorization", "friend"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await node.PostAsync("/consensus/read", Read, ("Authorization", "friend"))).Status);
    }

    [Fact]
    public async Task Of_several_machines_the_call_names_one()
    {
        await using ShopNode node = await ShopNode.StartAsync(
            static builder => builder.AddStateMachine<Shop>("north").AddStateMachine<Shop>("south"), static app => app.MapReplicatedStateCalls());
        await node.PostAsync("/consensus/apply?machine=north", """{"type": "Receive", "payload": {"article": "ink", "count": 5}}""");

        Assert.Equal("""{"result":5}""", (await node.ReadAsync(Read, "?machine=north")).Text);
        Assert.Equal("""{"result":0}""", (await node.ReadAsync(Read, "?machine=south")).Text);
        Answer unnamed = await node.ReadAsync(Read);
        Answer unknown = await node.ReadAsync(Read, "?machine=nroth");
        Assert.Equal((HttpStatusCode.NotFound, "CONSENSUS_UNKNOWN_MACHINE"), (unnamed.Status, unnamed["code"].GetString()));
        Assert.Equal("This node hosts 2 machines: name one by ?machine=, of 'north', 'south'.", unnamed["error"].GetString());
        Assert.Equal((HttpStatusCode.NotFound, "CONSENSUS_UNKNOWN_MACHINE"), (unknown.Status, unknown["code"].GetString()));
        Assert.Equal("This node hosts no machine named 'nroth' (did you mean 'north'?); there are: 'north', 'south'.", unknown["error"].GetString());
    }

    /// <summary>Lets in whoever knows the word.</summary>
    private sealed class WordHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.Authorization == "friend"
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([], "word")), "word"))
            : AuthenticateResult.NoResult());
    }
}
