using System.Globalization;
using System.Text;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>Our types in the words of the transcript format.</summary>
internal static class Translation
{
    public static string Name(RaftId id) => id.Value.ToString("x", CultureInfo.InvariantCulture);

    public static string StateOf(RaftRole role) => role switch
    {
        RaftRole.Follower => "StateFollower",
        RaftRole.PreCandidate => "StatePreCandidate",
        RaftRole.Candidate => "StateCandidate",
        RaftRole.Leader => "StateLeader",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static string StateOf(ProgressState state) => state switch
    {
        ProgressState.Probe => "StateProbe",
        ProgressState.Replicate => "StateReplicate",
        ProgressState.Snapshot => "StateSnapshot",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string TypeOf(MessageKind kind) => kind switch
    {
        MessageKind.PreVote => "MsgPreVote",
        MessageKind.PreVoteResponse => "MsgPreVoteResp",
        MessageKind.Vote => "MsgVote",
        MessageKind.VoteResponse => "MsgVoteResp",
        MessageKind.Append => "MsgApp",
        MessageKind.AppendResponse => "MsgAppResp",
        MessageKind.Heartbeat => "MsgHeartbeat",
        MessageKind.HeartbeatResponse => "MsgHeartbeatResp",
        MessageKind.Snapshot => "MsgSnap",
        MessageKind.TimeoutNow => "MsgTimeoutNow",
        MessageKind.ReadIndex => "MsgReadIndex",
        MessageKind.ReadIndexResponse => "MsgReadIndexResp",
        MessageKind.TransferRequest => "MsgTransferLeader",
        MessageKind.Removed => "MsgRemoved",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A member that nobody has sent anything yet.</summary>
    public static ProgressLine Of(Progress progress, Configuration configuration) => new(
        progress.Id.Value,
        StateOf(progress.State),
        progress.Match,
        progress.Next,
        configuration.Learners.Contains(progress.Id),
        progress.IsPaused,
        progress.PendingSnapshot,
        Inactive: !progress.RecentlyActive,
        progress.Inflight.Count,
        progress.Inflight.IsFull);

    /// <summary>The answers that the reference engine queues behind its disk, all of them. (Ours wait only where they must.)</summary>
    public static bool WaitsForDisk(MessageKind kind) =>
        kind is MessageKind.AppendResponse or MessageKind.VoteResponse or MessageKind.PreVoteResponse;

    /// <summary>The fields that mean something in a message of its kind; what else ours carry (clocks, read rounds, the term at an acknowledged index) the format has no words for.</summary>
    public static ScriptMessage Of(in Message m)
    {
        var shown = new ScriptMessage { From = Name(m.From), To = Name(m.To), Type = TypeOf(m.Kind), Term = m.Term };
        return m.Kind switch
        {
            MessageKind.Append => shown with { LogTerm = m.Log.Term, Index = m.Log.Index, Commit = m.Commit, Entries = Of(m.Entries.Span) },
            MessageKind.AppendResponse when m.Reject => shown with { LogTerm = m.Hint.Term, Index = m.Log.Index, Rejected = true, Hint = m.Hint.Index },
            MessageKind.AppendResponse => shown with { Index = m.Log.Index },
            MessageKind.Vote or MessageKind.PreVote => shown with { LogTerm = m.Log.Term, Index = m.Log.Index },
            MessageKind.VoteResponse or MessageKind.PreVoteResponse => shown with { Rejected = m.Reject },
            MessageKind.Heartbeat => shown with { Commit = m.Commit },
            MessageKind.Snapshot => shown with { Snapshot = m.Snapshot is { } snapshot ? Of(snapshot) : null },
            _ => shown,
        };
    }

    public static ValueList<ScriptEntry> Of(ReadOnlySpan<Entry> entries)
    {
        var shown = new ScriptEntry[entries.Length];
        for (int i = 0; i < entries.Length; i++)
            shown[i] = Of(entries[i]);
        return new(shown);
    }

    public static ScriptEntry Of(in Entry entry) => entry.Kind switch
    {
        EntryKind.NoOp => new ScriptEntry(entry.Term, entry.Index, "EntryNormal", "\"\""),
        EntryKind.Command => new ScriptEntry(entry.Term, entry.Index, "EntryNormal", Quote(entry.Payload.Span)),
        EntryKind.Config => new ScriptEntry(entry.Term, entry.Index, "EntryConfChangeV2", ""),
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "scenarios propose commands only"),
    };

    public static ScriptSnapshot Of(SnapshotMeta snapshot) => new(
        snapshot.Index,
        snapshot.Term,
        new(snapshot.Configuration.Voters.Select(Name)),
        new(snapshot.Configuration.OutgoingVoters.Select(Name)),
        new(snapshot.Configuration.Learners.Select(Name)),
        new(snapshot.Configuration.LearnersNext.Select(Name)),
        snapshot.Configuration.AutoLeave);

    public static string Quote(ReadOnlySpan<byte> text) =>
        "\"" + Encoding.UTF8.GetString(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
