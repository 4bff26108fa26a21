using System.Globalization;

namespace ReplicatedState.AspNetCore.Configuration;

/// <summary>Reads <c>peers</c>: a list of objects with <c>id</c>, <c>address</c> and <c>port</c>, or one line <c>n1=host:7000,n2=host:7000</c>.</summary>
internal sealed class PeerListReader(ConfigurationReport report)
{
    private static readonly string[] Fields = ["id", "address", "port"];
    private readonly SortedDictionary<int, PeerEntry> _peers = [];

    /// <summary>Takes in one value. Values of later sources replace those of earlier ones, the one-line form the whole list.</summary>
    public void Add(ConfiguredValue value)
    {
        if (value.Segments.Count == 1)
            ReadLine(value);
        else if (int.TryParse(value.Segments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int position) && value.Segments.Count <= 3)
            ReadPart(position, value);
        else
            report.Refuse($"'{value.WrittenPath}': peers is a list of entries with id, address and port (in {value.Origin})");
    }

    /// <summary>Moves the list into the options.</summary>
    public void Finish(ConsensusOptions into)
    {
        if (_peers.Count == 0)
            return;
        into.Peers.Clear();
        foreach (PeerEntry peer in _peers.Values)
            into.Peers.Add(peer);
    }

    /// <exception cref="FormatException">The text is no <c>name=host:port</c>.</exception>
    public static PeerEntry ParseEntry(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        if (equals <= 0 || colon <= equals + 1)
            throw new FormatException($"'{text}' is no peer: write name=host:port");
        return new PeerEntry
        {
            Id = text[..equals].Trim(),
            Address = text[(equals + 1)..colon].Trim().Trim('[', ']'),
            Port = ConsensusKey.ParseNumber(text[(colon + 1)..]),
        };
    }

    private void ReadLine(ConfiguredValue value)
    {
        _peers.Clear();
        foreach (string entry in value.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            Try(value, () => _peers[_peers.Count] = ParseEntry(entry));
    }

    private void ReadPart(int position, ConfiguredValue value)
    {
        if (value.Segments.Count == 2)
        {
            Try(value, () => _peers[position] = ParseEntry(value.Text));
            return;
        }

        if (!_peers.TryGetValue(position, out PeerEntry? peer))
            _peers[position] = peer = new PeerEntry();
        switch (KeyName.Normalize(value.Segments[2]))
        {
            case "id":
                peer.Id = value.Text.Trim();
                break;
            case "address":
                peer.Address = value.Text.Trim();
                break;
            case "port":
                Try(value, () => peer.Port = ConsensusKey.ParseNumber(value.Text));
                break;
            default:
                string? nearest = NearestName.Of(value.Segments[2], Fields);
                report.Refuse($"there is no key '{value.WrittenPath}': {(nearest is null ? "a peer has id, address and port" : $"did you mean '{nearest}'?")} (in {value.Origin})");
                break;
        }
    }

    private void Try(ConfiguredValue value, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException mistake)
        {
            report.Refuse($"{value.WrittenPath}: {mistake.Message} (in {value.Origin})");
        }
    }
}
