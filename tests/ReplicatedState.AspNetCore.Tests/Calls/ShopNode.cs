using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplicatedState.Integration.Nodes;

namespace ReplicatedState.AspNetCore.Tests.Calls;

/// <summary>A cluster of one in this process, asked over HTTP.</summary>
internal sealed class ShopNode : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shop-").FullName;
    private readonly HttpClient _http = new();
    private readonly int _httpPort = Ports.Take();
    private WebApplication? _app;

    public int PeerPort { get; } = Ports.Take();

    public static Task<ShopNode> StartAsync() => StartAsync(static builder => builder.AddStateMachine<Shop>(), static app => app.MapReplicatedStateCalls());

    public static async Task<ShopNode> StartAsync(Action<ReplicatedStateBuilder> machines, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null)
    {
        var node = new ShopNode();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        machines(builder.AddReplicatedState(consensus =>
        {
            consensus.BindPort = node.PeerPort;
            consensus.HttpPort = node._httpPort;
            consensus.Storage.Path = node._directory;
            consensus.Transport.MaxMessageSize = 1024 * 1024;
        }));
        node._app = builder.Build();
        node._app.MapReplicatedState();
        map(node._app);
        await node._app.StartAsync();
        return node;
    }

    /// <summary>The address of a path of the HTTP endpoint.</summary>
    public Uri AddressOf(string path) => new($"http://127.0.0.1:{_httpPort}{path}");

    public Task<Answer> ApplyAsync(string body, params (string Name, string Value)[] headers) => PostAsync("/consensus/apply", body, headers);

    public Task<Answer> ReadAsync(string body, string query = "", params (string Name, string Value)[] headers) => PostAsync("/consensus/read" + query, body, headers);

    public async Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await PostAsync(path, content, headers);
    }

    public async Task<Answer> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(path)) { Content = content };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.TryGetValues("X-Session-Token", out IEnumerable<string>? session) ? session.Single() : null,
            response.Headers.RetryAfter is not null,
            await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>What came back.</summary>
    internal sealed record Answer(HttpStatusCode Status, string? ContentType, string? Session, bool SaysRetryAfter, string Text)
    {
        /// <summary>A member of the JSON object.</summary>
        public JsonElement this[string name] => JsonDocument.Parse(Text).RootElement.GetProperty(name);
    }
}
