using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Interpreter;
using ReplicatedState.Scenarios.Tables;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Comparison;

/// <summary>
/// What a scenario with changes of members ends in, as its expected output tells. Ours are in force when they are appended, the reference engine's when they
/// are applied, so messages and turns in between differ; where everybody ends up doesn't.
/// </summary>
/// <remarks>
/// Two differences are meant. The reference engine puts an empty entry in the place of a change that it ignores; ours refuses it. And a leader that has removed
/// itself either stays (the reference engine says that it shouldn't) or steps down and leaves the rest to a timer; ours hands over.
/// </remarks>
internal sealed partial class FinalState
{
    private readonly SortedDictionary<ulong, NodeState> _nodes = [];

    /// <summary>A change was proposed whose effect on the configuration hasn't been seen yet.</summary>
    private bool _changeIsPending;

    /// <summary>Takes in what a directive's output tells.</summary>
    /// <param name="directive">The directive.</param>
    /// <param name="isQuiet">The output was switched off: whatever was known before may be outdated.</param>
    /// <exception cref="ScenarioFormatException">The output contradicts itself.</exception>
    public void Observe(Directive directive, bool isQuiet)
    {
        string command = directive.Commands[^1].Name;
        _changeIsPending |= directive.Commands[0].Name == "propose-conf-change";
        if (isQuiet)
        {
            foreach (NodeState node in _nodes.Values)
                node.Forget(_changeIsPending);
            return;
        }

        _changeIsPending &= command != "stabilize";
        ulong turn = command == "process-ready" && directive.Commands[0].Nodes is [var single] ? single : 0;
        string section = "";
        if (command == "raft-state")
            CheckIsComplete(directive);
        foreach (TranscriptLine line in TranscriptParser.Parse(directive))
        {
            if (line is ActivityLine activity)
                turn = activity.Node;
            section = line is SectionLine title ? title.Title : line is EntryLine ? section : "";
            if (line is RaftStateLine state)
                Of(state.Node).Observe(state);
            else if (turn != 0)
                Of(turn).Observe(line, isNew: section == SectionLine.Entries);
        }

        ObserveConfigurations(directive);
    }

    /// <summary>The reference engine names a configuration when it is applied, in the log output of the node whose turn it is.</summary>
    private void ObserveConfigurations(Directive directive)
    {
        ulong turn = 0;
        for (int i = 0; i < directive.Expected.Count; i++)
        {
            if (Turn().Match(directive.Expected[i]) is { Success: true } begins)
                turn = Node(begins);
            if (Switched().Match(directive.Expected[i]) is not { Success: true } switched)
                continue;
            if (turn != 0 && Node(switched) != turn)
                throw new ScenarioFormatException(directive.ExpectedLine + i, $"node {Node(switched)} switches its configuration in the turn of node {turn}");
            Of(Node(switched)).Configuration = ConfigurationText.Parse(switched.Groups["configuration"].Value);
        }
    }

    private static ulong Node(Match m) => ulong.Parse(m.Groups["node"].Value, CultureInfo.InvariantCulture);

    /// <summary>The first difference in a sentence, or null.</summary>
    /// <param name="cluster">Our nodes.</param>
    /// <param name="refused">How many changes ours refused.</param>
    public string? Difference(ScenarioCluster cluster, ulong refused)
    {
        ulong departed = _nodes.FirstOrDefault(n => n.Value is { IsVoter: false, WasLeader: true }).Key;
        bool isLed = _nodes.Values.Any(n => n is { State: "StateLeader", IsVoter: true });
        foreach ((ulong id, NodeState expected) in _nodes)
        {
            if (id > (ulong)cluster.Nodes.Count)
                return string.Create(CultureInfo.InvariantCulture, $"there is no node {id}");
            ScenarioNode node = cluster[id];
            string? why = expected.DifferenceOfLog(node)
                ?? (departed == 0 || isLed ? expected.DifferenceOfRole(node, refused) : DifferenceAfterHandOver(cluster, node, expected, departed, refused));
            if (why is not null)
                return string.Create(CultureInfo.InvariantCulture, $"node {id} ends differently: {why}");
        }

        return null;
    }

    /// <summary>The reference engine ends without a leader that counts; ours has handed over to a voter, which has committed all and the entry that opens its term.</summary>
    private static string? DifferenceAfterHandOver(ScenarioCluster cluster, ScenarioNode node, NodeState expected, ulong departed, ulong refused)
    {
        CoreStatus status = node.Core.Status;
        if (expected.Lead is not (null or 0) && expected.Lead != departed)
            return $"expected to follow {expected.Lead}, but {departed} has handed over";
        if (node.Id.Value == departed)
        {
            return status is { Role: RaftRole.Follower, Leader.IsNone: true } && (expected.Term is null || status.HardState.Term == expected.Term)
                ? null
                : $"a removed leader steps down in its term: {status}";
        }

        ScenarioNode? leader = cluster.Nodes.SingleOrDefault(n => n.Core.Status.Role == RaftRole.Leader);
        if (leader is null || !leader.Core.Status.Configuration.IsVoter(leader.Id))
            return "no voter leads";
        if (status.Leader != leader.Id)
            return $"expected to follow {leader.Id}, to which {departed} has handed over; follows {status.Leader}";
        if (expected.Term is { } term && status.HardState.Term != term + 1)
            return $"expected the term after {term}, got {status.HardState.Term}";
        ulong committed = expected.LastIndex + 1 - refused;
        return expected.LastIndex == 0 || status.HardState.Commit == committed ? null : $"expected commit {committed} after the hand-over, got {status.HardState.Commit}";
    }

    private void CheckIsComplete(Directive directive)
    {
        List<RaftStateLine> states = [.. TranscriptParser.Parse(directive).OfType<RaftStateLine>()];
        for (int i = 0; i < states.Count; i++)
        {
            if (states[i].Node != (ulong)i + 1)
                throw new ScenarioFormatException(directive.ExpectedLine + i, $"the state of node {i + 1} is expected here");
        }
    }

    private NodeState Of(ulong node)
    {
        if (!_nodes.TryGetValue(node, out NodeState? state))
            _nodes.Add(node, state = new NodeState());
        return state;
    }

    [GeneratedRegex(@"^> (?<node>\d+) ")]
    private static partial Regex Turn();

    [GeneratedRegex(@"^\s*INFO (?<node>\d+) switched to configuration (?<configuration>.*)$")]
    private static partial Regex Switched();
}
