using Microsoft.Extensions.Logging;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Node;

/// <summary>Everything that a node tells its operator. Source-generated, so that a message that isn't wanted costs nothing.</summary>
internal sealed partial class NodeLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1, LogLevel.Information, "Node {Name} ({RaftId}) starts: cluster {Cluster}, data in {Path}")]
    public partial void Starting(string name, RaftId raftId, string cluster, string path);

    [LoggerMessage(2, LogLevel.Information, "Group {Group} ({GroupName}): {Role} in term {Term}, leader {Leader}")]
    public partial void RoleChanged(GroupId group, string groupName, RaftRole role, ulong term, string leader);

    [LoggerMessage(3, LogLevel.Warning, "Group {Group} ({GroupName}): the command at {Index} threw")]
    public partial void CommandFailed(Exception exception, GroupId group, string groupName, ulong index);

    [LoggerMessage(4, LogLevel.Critical, "Group {Group} ({GroupName}) applies nothing more: {Reason}")]
    public partial void MachineHalted(Exception? exception, GroupId group, string groupName, string reason);

    [LoggerMessage(5, LogLevel.Information, "Group {Group} ({GroupName}): state captured at {Index}, {Bytes} bytes, in {Us} µs")]
    public partial void SnapshotCaptured(GroupId group, string groupName, ulong index, long bytes, long us);

    [LoggerMessage(6, LogLevel.Information, "Group {Group} ({GroupName}): snapshot at {Index} from {From} installed")]
    public partial void SnapshotInstalled(GroupId group, string groupName, ulong index, RaftId from);

    [LoggerMessage(7, LogLevel.Information, "Group {Group} ({GroupName}): log given up through {Base}, snapshot at {Index}")]
    public partial void LogCompacted(GroupId group, string groupName, ulong @base, ulong index);

    [LoggerMessage(8, LogLevel.Critical, "The node stops: {Sentence}")]
    public partial void Failed(Exception? cause, string sentence);

    [LoggerMessage(9, LogLevel.Warning, "{Sentence}")]
    public partial void Refused(string sentence);

    [LoggerMessage(10, LogLevel.Information, "{Sentence}")]
    public partial void Formation(string sentence);

    [LoggerMessage(11, LogLevel.Information, "Group {Group} ({GroupName}) runs on {Shard}, applied through {Applied}")]
    public partial void GroupStarted(GroupId group, string groupName, string shard, ulong applied);

    [LoggerMessage(12, LogLevel.Warning, "{Sentence}")]
    public partial void SpaceLow(string sentence);

    [LoggerMessage(13, LogLevel.Information, "There is room on the disk again: {FreeBytes} bytes are free")]
    public partial void SpaceBack(long freeBytes);

    [LoggerMessage(14, LogLevel.Warning, "Snapshot transfer of group {Group} with {Node}: {Sentence}")]
    public partial void TransferTrouble(GroupId group, RaftId node, string sentence);

    [LoggerMessage(15, LogLevel.Debug, "{Transition}")]
    public partial void Transition(Transition transition);

    [LoggerMessage(16, LogLevel.Information, "Node {Name} has stopped")]
    public partial void Stopped(string name);

    [LoggerMessage(17, LogLevel.Warning, "Closing {What} failed while the node stopped")]
    public partial void CloseFailed(Exception exception, string what);

    [LoggerMessage(18, LogLevel.Error, "Whoever made a call to group {Group} could not take its answer")]
    public partial void AnswerFailed(Exception exception, GroupId group);

    [LoggerMessage(19, LogLevel.Warning, "{Sentence}")]
    public partial void ClocksChanged(string sentence);

    [LoggerMessage(20, LogLevel.Information, "Group {Group} ({GroupName}): the command of timer {Timer}, which fired before the entry at {Index}, refused with '{Code}': {Reason}")]
    public partial void TimerRejected(GroupId group, string groupName, ulong timer, ulong index, string? code, string? reason);

    [LoggerMessage(21, LogLevel.Error, "Version {Version} of the machine '{Machine}' isn't activated, because every replica of the group '{Group}' would halt: {Failure}. It is tried again every minute")]
    public partial void VersionNotActivated(int version, string machine, string group, string failure);

    [LoggerMessage(30, LogLevel.Information, "Group {Group} ({GroupName}): members become {Configuration}, with the entry at {Index}")]
    public partial void ConfigurationProposed(GroupId group, string groupName, string configuration, ulong index);

    [LoggerMessage(40, LogLevel.Critical, "{Sentence}")]
    public partial void Quarantined(string sentence);

    [LoggerMessage(41, LogLevel.Error, "{Sentence}")]
    public partial void Doubted(string sentence);

    [LoggerMessage(42, LogLevel.Warning, "Group {Group} ({GroupName}): the state in quarantine was replaced by the leader's at {Index}; it applies again, and is trusted when its hash was found right")]
    public partial void Reinstalled(GroupId group, string groupName, ulong index);

    [LoggerMessage(43, LogLevel.Warning, "Group {Group} ({GroupName}): the state was found right at {Index} and is trusted again")]
    public partial void Trusted(GroupId group, string groupName, ulong index);

    [LoggerMessage(44, LogLevel.Warning, "Group {Group} ({GroupName}): the hash of '{Member}' at {Index} was judged: {Verdict}")]
    public partial void Judged(GroupId group, string groupName, string member, VerdictKind verdict, ulong index);

    /// <summary>Whether anybody wants to read of every transition.</summary>
    public bool TracesTransitions => _logger.IsEnabled(LogLevel.Debug);
}
