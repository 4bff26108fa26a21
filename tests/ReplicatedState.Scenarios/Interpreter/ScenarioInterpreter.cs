using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Scenarios.Comparison;
using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Interpreter;

/// <summary>Runs a scenario against our core, directive by directive, and compares what happened with what the file expects.</summary>
internal sealed partial class ScenarioInterpreter
{
    private readonly TranscriptWriter _transcript = new();
    private readonly ScenarioCluster _cluster;

    /// <summary>What a scenario with changes of members is compared by; null in all others.</summary>
    private readonly FinalState? _final;
    private bool _isChanged;

    private ScenarioInterpreter(ScenarioFile file)
    {
        _cluster = new ScenarioCluster(_transcript);
        if (file.Directives.Any(directive => directive.Commands.Any(command => command.Name == ChangeCommand)))
            _final = new FinalState();
    }

    /// <summary>Runs a scenario; stops at the first difference.</summary>
    public static ScenarioResult Run(ScenarioFile file)
    {
        if (file.Directives.Any(directive => directive.Commands.Any(command => command.Flag("disable-conf-change-validation"))))
            return new ScenarioResult(file.Name, null, Exempt: "changes that aren't checked against the configuration in force; ours is in force when it is appended, so there is always one");
        var interpreter = new ScenarioInterpreter(file);
        foreach (Directive directive in file.Directives)
        {
            if (interpreter.RunDirective(directive) is { } why)
                return new ScenarioResult(file.Name, why);
        }

        ulong refused = interpreter._cluster.Nodes.Aggregate(0UL, (sum, node) => sum + node.ChangesRefused);
        return new ScenarioResult(file.Name, interpreter._final?.Difference(interpreter._cluster, refused));
    }

    /// <summary>Runs a file and returns it with the outputs of our own core instead of those that it expects.</summary>
    /// <exception cref="ScenarioFormatException">The file is malformed.</exception>
    public static IReadOnlyList<string> Rewrite(string path)
    {
        string[] lines = File.ReadAllLines(path);
        ScenarioFile file = ScenarioFile.Parse(Path.GetFileNameWithoutExtension(path), lines);
        var interpreter = new ScenarioInterpreter(file);
        var written = new List<string>();
        int copied = 0;
        foreach (Directive directive in file.Directives)
        {
            written.AddRange(lines[copied..(directive.ExpectedLine - 1)]);
            copied = directive.ExpectedLine - 1 + directive.Expected.Count;
            interpreter.ExecuteAll(directive);
            written.AddRange(TranscriptFormatter.Format(interpreter._transcript.Take()));
        }

        written.AddRange(lines[copied..]);
        return written;
    }

    private string? RunDirective(Directive directive)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"line {directive.Line} ({directive.Commands[0].Name})");
        try
        {
            ExecuteAll(directive);
            IReadOnlyList<TranscriptLine> ours = _transcript.Take();
            _final?.Observe(directive, _transcript.IsQuiet || directive.Commands[^1].Value("log-level") == "none");
            return _isChanged ? DifferenceOfAnswer(directive, ours) : TranscriptComparer.Difference(TranscriptParser.Parse(directive), ours) is { } difference ? $"{place}: {difference}" : null;
        }
        catch (NotSupportedException e)
        {
            return $"{place}: {e.Message}";
        }
        catch (Exception e) when (e is InvariantViolationException or LogReadException or InvalidOperationException or ScenarioFormatException)
        {
            return $"{place}: {e.Message}";
        }
    }

    private void ExecuteAll(Directive directive)
    {
        _isChanged |= directive.Commands[0].Name == ChangeCommand;
        if (directive.Commands[0].Name == ChangeCommand)
        {
            ProposeChange(directive);
            return;
        }

        foreach (Command command in directive.Commands)
            Execute(command);
    }

    private void Execute(Command command)
    {
        switch (command.Name)
        {
            case "_breakpoint":
                break;
            case "log-level":
                SetLogLevel(command, command.Bare(0));
                break;
            case "add-nodes":
                _cluster.AddNodes(command.Node, NodeSettings.Of(command));
                break;
            case "campaign":
                _cluster[command.Node].Core.Campaign();
                break;
            case "compact":
                _cluster[command.Node].Compact(command.Number(command.Bare(1)));
                WriteLog(_cluster[command.Node]);
                break;
            case "deliver-msgs":
                Deliver(command);
                break;
            case "process-ready":
                ForEachNode(command, ActivityLine.Ready, _cluster.ProcessReady);
                break;
            case "process-append-thread":
                ForEachNode(command, ActivityLine.AppendThread, _cluster.ProcessAppendThread);
                break;
            case "process-apply-thread":
                ForEachNode(command, ActivityLine.ApplyThread, _cluster.ProcessApplyThread);
                break;
            case "raft-log":
                WriteLog(_cluster[command.Node]);
                break;
            case "raft-state":
                WriteRaftState();
                break;
            case "set-randomized-election-timeout":
                _cluster[command.Node].Core.ElectionTimeoutTicks = (int)command.Numbers("timeout").Single();
                break;
            case "stabilize":
                Stabilize(command);
                break;
            case "status":
                WriteProgress(_cluster[command.Node]);
                break;
            case "tick-election":
                Tick(command, NodeSettings.ElectionTicks);
                break;
            case "tick-heartbeat":
                Tick(command, NodeSettings.HeartbeatTicks);
                break;
            case "transfer-leadership":
                _cluster[command.Numbers("from").Single()].Core.TransferLeadership(new RaftId(command.Numbers("to").Single()));
                break;
            case "forget-leader":
                _cluster[command.Node].Core.ForgetLeader();
                break;
            case "send-snapshot":
                _cluster.SendSnapshot(_cluster[command.Node], _cluster[command.Number(command.Bare(1))]);
                break;
            case "propose":
                if (!_cluster[command.Node].Propose(command.Bare(1)))
                    _transcript.Write(new TextLine(ProposalDropped));
                break;
            case "report-unreachable":
                _cluster[command.Node].Core.ReportUnreachable(new RaftId(command.Number(command.Bare(1))));
                break;
            default:
                throw new ScenarioFormatException(command.Line, $"the directive '{command.Name}' is not known");
        }
    }

    private void SetLogLevel(Command command, string level)
    {
        if (!LogLevels.Contains(level, StringComparer.OrdinalIgnoreCase))
            throw new ScenarioFormatException(command.Line, $"the log level '{level}' is not known");
        _transcript.IsQuiet = level.Equals("none", StringComparison.OrdinalIgnoreCase);
    }

    private static readonly string[] LogLevels = ["debug", "info", "warn", "error", "fatal", "none"];

    private void ForEachNode(Command command, string activity, Action<ScenarioNode> work)
    {
        IReadOnlyList<ulong> ids = command.Nodes;
        foreach (ScenarioNode node in ids.Select(id => _cluster[id]))
        {
            if (ids.Count > 1)
                _cluster.Turn(node, activity, () => work(node));
            else
                work(node);
        }
    }

    private void Deliver(Command command)
    {
        string? type = command.Value("type");
        int handled = 0;
        foreach (ulong to in command.Nodes)
            handled += _cluster.Deliver(to, type, drop: false);
        foreach (ulong to in command.Numbers("drop"))
        {
            if (command.Nodes.Contains(to))
                throw new ScenarioFormatException(command.Line, $"messages to {to} can't be both delivered and dropped");
            handled += _cluster.Deliver(to, type, drop: true);
        }

        if (handled == 0)
            _transcript.Write(new TextLine("no messages"));
    }

    private void Stabilize(Command command)
    {
        bool wasQuiet = _transcript.IsQuiet;
        if (command.Value("log-level") is { } level)
            SetLogLevel(command, level);
        IReadOnlyList<ulong> ids = command.Nodes;
        _cluster.Stabilize(ids.Count == 0 ? _cluster.Nodes : [.. ids.Select(id => _cluster[id])]);
        _transcript.IsQuiet = wasQuiet;
    }

    private void Tick(Command command, int ticks)
    {
        for (int i = 0; i < ticks; i++)
            _cluster[command.Node].Tick();
    }

    private void WriteLog(ScenarioNode node)
    {
        if (node.Stored.LastIndex < node.Stored.FirstIndex)
        {
            _transcript.Write(new TextLine(string.Create(
                CultureInfo.InvariantCulture, $"log is empty: first index={node.Stored.FirstIndex}, last index={node.Stored.LastIndex}")));
            return;
        }

        for (ulong index = node.Stored.FirstIndex; index <= node.Stored.LastIndex; index++)
            _transcript.Write(new EntryLine(Translation.Of(node.Stored[index])));
    }

    private void WriteRaftState()
    {
        foreach (ScenarioNode node in _cluster.Nodes)
        {
            CoreStatus status = node.Core.Status;
            _transcript.Write(new RaftStateLine(
                node.Id.Value, Translation.StateOf(status.Role), status.Configuration.IsVoter(node.Id), status.HardState.Term, status.Leader.Value));
        }
    }

    private void WriteProgress(ScenarioNode node)
    {
        Configuration configuration = node.Core.Status.Configuration;
        foreach (RaftId member in configuration.Members())
        {
            if (node.Core.ProgressOf(member) is not { } progress)
                continue;
            _transcript.Write(new ProgressLine(
                member.Value,
                Translation.StateOf(progress.State),
                progress.Match,
                progress.Next,
                configuration.Learners.Contains(member),
                progress.Paused,
                progress.PendingSnapshot,
                // A leader hears from itself all the time; the flag is kept for others only.
                Inactive: !progress.RecentlyActive && member != node.Id,
                progress.InflightMessages,
                progress.InflightMessages >= node.InflightMessagesMax));
        }
    }
}
