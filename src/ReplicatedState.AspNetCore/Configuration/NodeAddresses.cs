using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Where a node listens, and where it says that it can be reached.</summary>
/// <param name="Peer">Where peers and gRPC clients are answered.</param>
/// <param name="Http">Where HTTP is served if the application says nothing else; null for nowhere.</param>
/// <param name="AdvertisedPeer">The host:port that others are told for <paramref name="Peer"/>.</param>
/// <param name="AdvertisedHttp">The URL that others are told for HTTP; empty where there is none.</param>
internal sealed record NodeAddresses(IPEndPoint Peer, IPEndPoint? Http, string AdvertisedPeer, string AdvertisedHttp)
{
    /// <summary>The port of a node whose configuration names none.</summary>
    public const int DefaultPeerPort = 7000;

    /// <summary>The name of a node whose configuration names none, which only a node without peers may do.</summary>
    public const string DefaultNodeName = "node-1";

    /// <summary>Derives them from options that were found valid.</summary>
    public static NodeAddresses Of(ConsensusOptions options)
    {
        PeerEntry? self = OwnEntry(options);
        IPAddress peerAddress = ParseListenAddress(options.BindAddr, options.Peers.Count == 0 ? IPAddress.Loopback : IPAddress.Any);
        var peer = new IPEndPoint(peerAddress, PeerPortOf(options));
        string host = FirstOf(options.AdvertiseAddr, self?.Address, IsWildcard(peerAddress) ? Dns.GetHostName() : peerAddress.ToString());
        int port = FirstOf(options.AdvertisePort, self?.Port ?? 0, peer.Port);
        IPEndPoint? http = options.HttpPort == 0 ? null : new IPEndPoint(ParseListenAddress(options.HttpAddr, IPAddress.Loopback), options.HttpPort);
        string advertisedHttp = options.AdvertiseHttp.Length > 0 ? $"http://{options.AdvertiseHttp}" : http is null ? "" : $"http://{HostAndPort(HttpHost(http, host), http.Port)}";
        return new NodeAddresses(peer, http, HostAndPort(host, port), advertisedHttp);
    }

    /// <summary>Where peers and gRPC clients are answered.</summary>
    public static int PeerPortOf(ConsensusOptions options) => FirstOf(options.BindPort, OwnEntry(options)?.Port ?? 0, DefaultPeerPort);

    private static PeerEntry? OwnEntry(ConsensusOptions options) => options.Peers.FirstOrDefault(peer => peer.Id == options.NodeId);

    private static IPAddress ParseListenAddress(string text, IPAddress otherwise) => text switch
    {
        "" => otherwise,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.Parse(text),
    };

    private static string HttpHost(IPEndPoint http, string advertisedHost) => IsWildcard(http.Address) ? advertisedHost : http.Address.ToString();

    /// <summary>Joins the two, with brackets around an IPv6 address.</summary>
    public static string HostAndPort(string host, int port) =>
        IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}")
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string FirstOf(params ReadOnlySpan<string?> candidates)
    {
        foreach (string? candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate))
                return candidate;
        }

        return "";
    }

    private static int FirstOf(params ReadOnlySpan<int> candidates)
    {
        foreach (int candidate in candidates)
        {
            if (candidate != 0)
                return candidate;
        }

        return 0;
    }
}
