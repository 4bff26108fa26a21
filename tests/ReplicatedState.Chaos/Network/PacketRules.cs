using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ReplicatedState.Chaos.Cluster;

namespace ReplicatedState.Chaos.Network;

/// <summary>nftables rules that lose packets of single directions between single processes, in a <see cref="PrivateNetwork"/>.</summary>
/// <remarks>
/// All connections lead through a proxy, which knows who dialled whom and marks its ends with it. The kernel remembers the mark of a connection, so that
/// what the nodes themselves send is recognised too: data, acknowledgements, and the opening and closing of connections.
/// </remarks>
internal sealed class PacketRules
{
    /// <summary>A new network's loopback device is down.</summary>
    public const string LoopbackUp = "ip link set lo up";

    /// <summary>Lost where they arrive: a sender whose packets are dropped on their way out would know of it.</summary>
    public const string Table = """
        table inet chaos {
          counter dropped { }
          chain sent { type filter hook output priority 0; policy accept; meta mark != 0 ct mark set meta mark; }
          chain arriving { type filter hook input priority 0; policy accept; }
        }
        """;

    /// <summary>Every packet, in permille.</summary>
    public const int All = 1000;

    private const int SolSocket = 1;
    private const int SoMark = 36;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Dialler, string Dialled), int> _marks = [];
    private readonly Dictionary<(string From, string To), int> _losses = [];

    /// <summary>Makes the loopback device and the empty rules.</summary>
    /// <param name="outside">The network that this process was started in, which must not be this one.</param>
    public PacketRules(string outside)
    {
        if (PrivateNetwork.Current == outside)
            throw new InvalidOperationException("Packet rules are made in a network of the runner's own only.");
        Require(["sh", "-c", $"{LoopbackUp} && nft --file -"], Table);
    }

    /// <summary>How many packets were lost so far.</summary>
    public long Dropped
    {
        get
        {
            using Process list = Process.Start(new ProcessStartInfo("nft", ["--json", "list", "counter", "inet", "chaos", "dropped"]) { RedirectStandardOutput = true })!;
            using JsonDocument answer = JsonDocument.Parse(list.StandardOutput.ReadToEnd());
            list.WaitForExit();
            JsonElement counter = answer.RootElement.GetProperty("nftables").EnumerateArray().Single(item => item.TryGetProperty("counter", out _)).GetProperty("counter");
            return counter.GetProperty("packets").GetInt64();
        }
    }

    /// <summary>Says of one end of a connection who dialled whom.</summary>
    public void Mark(Socket end, string dialler, string dialled)
    {
        int mark;
        lock (_lock)
            mark = MarkOf(dialler, dialled);
        end.SetRawSocketOption(SolSocket, SoMark, BitConverter.GetBytes(mark));
    }

    /// <summary>Loses this share of the packets of each link, and of no others.</summary>
    /// <param name="links">The directions.</param>
    /// <param name="permille">How many of 1000 packets, at random.</param>
    public void Lose(IEnumerable<(string From, string To)> links, int permille)
    {
        lock (_lock)
        {
            _losses.Clear();
            foreach ((string, string) link in links)
                _losses[link] = permille;
            Apply();
        }
    }

    private void Apply()
    {
        var rules = new StringBuilder("flush chain inet chaos arriving\n");
        foreach (((string from, string to), int permille) in _losses)
        {
            string share = permille == All ? "" : string.Create(CultureInfo.InvariantCulture, $"numgen random mod {All} < {permille} ");
            rules.Append(CultureInfo.InvariantCulture, $"add rule inet chaos arriving ct mark {MarkOf(from, to)} ct direction original {share}counter name dropped drop\n");
            rules.Append(CultureInfo.InvariantCulture, $"add rule inet chaos arriving ct mark {MarkOf(to, from)} ct direction reply {share}counter name dropped drop\n");
        }

        // One file is one transaction.
        Require(["nft", "--file", "-"], rules.ToString());
    }

    private int MarkOf(string dialler, string dialled)
    {
        if (!_marks.TryGetValue((dialler, dialled), out int mark))
            _marks.Add((dialler, dialled), mark = _marks.Count + 1);
        return mark;
    }

    private static void Require(string[] command, string input)
    {
        if (PrivateNetwork.Try(command, input) is { } obstacle)
            throw new ChaosFailedException(obstacle);
    }
}
