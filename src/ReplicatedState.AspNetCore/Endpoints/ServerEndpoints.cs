using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Endpoints;

/// <summary>Decides, just before the server starts, what it listens on: the peer endpoint, and HTTP where the application wants it or else where <c>http_*</c> says.</summary>
internal sealed class ServerEndpoints(NodeConfiguration configuration, IConfiguration settings, IServer server)
{
    /// <summary>Adds the node's endpoints to the server's addresses.</summary>
    public void Prepare()
    {
        if (Addresses is not { IsReadOnly: false } addresses || KestrelSetup.HasConfiguredEndpoints(settings))
            return;
        // Addresses that the application added itself (app.Urls, app.Run(url)) stand here already. What configuration says, the server reads only if nothing does.
        if (addresses.Count == 0)
        {
            foreach (string url in ConfiguredUrls())
                addresses.Add(url);
        }

        if (addresses.Count == 0 && configuration.Addresses.Http is { } http)
            addresses.Add(UrlOf(http));
        addresses.Add(UrlOf(configuration.Addresses.Peer));
    }

    /// <summary>Makes sure that the peer endpoint is served.</summary>
    /// <exception cref="InvalidConfigurationException">It isn't; the message says what to do.</exception>
    public void Verify()
    {
        if (Addresses is not { Count: > 0 } addresses)
            return;
        int port = configuration.Addresses.Peer.Port;
        if (!addresses.Any(address => Uri.TryCreate(address, UriKind.Absolute, out Uri? url) && url.Port == port))
        {
            throw new InvalidConfigurationException(
                $"Nothing listens on port {port} for peers and gRPC clients: the application's own Kestrel endpoints replaced it. Set URLs instead of calling Listen, or add Listen for that port too.");
        }
    }

    private ICollection<string>? Addresses => server.Features.Get<IServerAddressesFeature>()?.Addresses;

    private IEnumerable<string> ConfiguredUrls()
    {
        string? urls = settings["urls"];
        if (!string.IsNullOrEmpty(urls))
            return Split(urls);
        return Split(settings["http_ports"]).Select(port => $"http://*:{port}").Concat(Split(settings["https_ports"]).Select(port => $"https://*:{port}"));
    }

    private static string[] Split(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string UrlOf(IPEndPoint endpoint)
    {
        string host = endpoint.Address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{endpoint.Port}");
    }
}
