using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Interpreter;
using ReplicatedState.Scenarios.Tables;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Comparison;

/// <summary>What is known of one node at the end of a scenario; null where its output didn't tell, or has been outdated since.</summary>
internal sealed class NodeState
{
    /// <summary>Entries by index, without what a snapshot replaced.</summary>
    private readonly SortedDictionary<ulong, ScriptEntry> _entries = [];
    private bool _isTailKnown = true;
    private HardStateLine? _hard;

    public Configuration? Configuration { get; set; }

    public string? State { get; private set; }

    public ulong? Lead { get; private set; }

    public bool? IsVoter { get; private set; }

    /// <summary>Led at some time, as far as was seen.</summary>
    public bool WasLeader { get; private set; }

    public ulong? Term { get; private set; }

    public ulong LastIndex => _entries.Count == 0 ? 0 : _entries.Last().Key;

    public void Forget(bool configuration)
    {
        State = null;
        Lead = null;
        Term = null;
        _hard = null;
        _isTailKnown = false;
        if (configuration)
            Configuration = null;
    }

    public void Observe(RaftStateLine line)
    {
        State = line.State;
        Lead = line.Leader;
        IsVoter = line.Voter;
        Term = line.Term;
        WasLeader |= line.State == "StateLeader";
    }

    public void Observe(TranscriptLine line, bool isNew)
    {
        switch (line)
        {
            case HardStateLine hard:
                _hard = hard;
                Term = hard.Term;
                break;
            case SoftStateLine soft:
                State = soft.State;
                Lead = soft.Leader;
                WasLeader |= soft.State == "StateLeader";
                break;
            case SnapshotLine:
                _entries.Clear();
                break;
            case EntryLine entry when isNew:
                foreach (ulong replaced in _entries.Keys.Where(index => index >= entry.Entry.Index).ToArray())
                    _entries.Remove(replaced);
                _entries.Add(entry.Entry.Index, entry.Entry);
                _isTailKnown = true;
                break;
        }
    }

    /// <summary>Configuration, commands and changes.</summary>
    public string? DifferenceOfLog(ScenarioNode node)
    {
        CoreStatus status = node.Core.Status;
        if (Configuration is not null && Configuration != status.Configuration)
            return $"expected {ConfigurationText.Of(Configuration)}, got {ConfigurationText.Of(status.Configuration)}";
        if (IsVoter is { } voter && voter != status.Configuration.IsVoter(node.Id))
            return $"expected to be {(voter ? "a voter" : "no voter")}, got {ConfigurationText.Of(status.Configuration)}";
        string[] expected = [.. _entries.Values.Select(Meaning).OfType<string>()];
        string[] actual = [.. OurEntries(node).Select(Meaning).OfType<string>()];
        // A snapshot may have covered more on one side than on the other; what both logs hold must be the same.
        int common = Math.Min(expected.Length, actual.Length);
        bool agree = _isTailKnown
            ? expected.TakeLast(common).SequenceEqual(actual.TakeLast(common))
            : Enumerable.Range(0, actual.Length - common + 1).Any(skip => expected.TakeLast(common).SequenceEqual(actual.Skip(skip).Take(common)));
        return agree ? null : $"expected the log [{string.Join(", ", expected)}], got [{string.Join(", ", actual)}]";
    }

    /// <summary>Role, leader, term, vote and commit.</summary>
    public string? DifferenceOfRole(ScenarioNode node, ulong refused)
    {
        CoreStatus status = node.Core.Status;
        string state = Translation.StateOf(status.Role);
        if (State is not null && State != state)
            return $"expected {State}, got {state}";
        if (Lead is not null && Lead != status.Leader.Value)
            return $"expected leader {Lead}, got {status.Leader}";
        if (Term is not null && Term != status.HardState.Term)
            return $"expected term {Term}, got {status.HardState.Term}";
        if (_hard is null)
            return null;
        if (_hard.Vote != status.HardState.Vote.Value)
            return $"expected vote {_hard.Vote}, got {status.HardState.Vote}";
        return _hard.Commit == status.HardState.Commit + refused ? null : $"expected commit {_hard.Commit}, got {status.HardState.Commit} and {refused} refused changes";
    }

    private static IEnumerable<ScriptEntry> OurEntries(ScenarioNode node)
    {
        for (ulong index = node.Stored.FirstIndex; index <= node.Stored.LastIndex; index++)
            yield return Translation.Of(node.Stored[index]);
    }

    /// <summary>What an entry does, and when; null for one that does nothing. (What a change changed shows in the configuration.)</summary>
    private static string? Meaning(ScriptEntry entry)
    {
        if (entry.Kind.StartsWith("EntryConfChange", StringComparison.Ordinal))
            return string.Create(CultureInfo.InvariantCulture, $"a change of members in term {entry.Term}");
        return entry.Payload is "" or "\"\"" ? null : string.Create(CultureInfo.InvariantCulture, $"{entry.Payload} in term {entry.Term}");
    }
}
