using System.Buffers;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Serialization;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// A client as the protocol wants it: one session, numbered commands, every attempt of a command under the same sequence, until it knows. Knows what was
/// acknowledged to it, and so what nobody may lose or do twice.
/// </summary>
internal sealed class SimulatedClient(ulong id, SeededRandom random, int nodes, bool useSessions)
{
    private ulong _session;
    private ulong _sequence = 1;
    private bool _sentBefore;
    private int _attempts;
    private ulong _since;
    private ulong _refusedMark;
    private SimulatedRead _read;
    private Purpose _purpose;

    private enum Purpose
    {
        OpenSession,
        Append,
        ReadTotal,
    }

    public ulong Id => id;

    /// <summary>The node that it talks to.</summary>
    public int Target { get; private set; } = random.Between(0, nodes - 1);

    /// <summary>The command that it is about to send or has sent.</summary>
    public ulong Number { get; private set; } = 1;

    /// <summary>The last command that was acknowledged.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>Commands that were acknowledged.</summary>
    public int Done { get; private set; }

    /// <summary>Commands of which it will never know.</summary>
    public int Unknown { get; private set; }

    /// <summary>What its session has seen.</summary>
    public SessionToken Seen { get; private set; }

    /// <summary>The most executed commands that it was shown, or told of with an acknowledgement of its own.</summary>
    public ulong SeenTotal { get; private set; }

    /// <summary>Where the attempt under way goes: a query may be asked of any node.</summary>
    public int Destination { get; private set; }

    /// <summary>Whether the attempt under way is a query that takes part in the order of all operations.</summary>
    public bool ReadsLinearizably => _purpose == Purpose.ReadTotal && _read.IsLinearizable;

    /// <summary>Whether some of its commands are marks, which an upgraded machine takes and which are appends otherwise.</summary>
    public bool Marks { get; init; }

    /// <summary>Hears of the number of a mark that was refused by whom it was sent to first.</summary>
    public Action<ulong>? OnMarkRefused { get; init; }

    /// <summary>The attempt under way; null while it thinks.</summary>
    public SimulatedRequest? UnderWay { get; private set; }

    /// <summary>Makes the next attempt.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="draw">Draws the query that it may make, and the node to be asked; null for that which leads.</param>
    /// <param name="onComplete">Hears of the answer.</param>
    public SimulatedRequest NextAttempt(long nowMs, Func<(SimulatedRead Read, int? Node)> draw, Action<SimulatedRequest> onComplete)
    {
        Destination = Target;
        var request = new SimulatedRequest(onComplete) { Machine = RegisterMachine.MachineName, DeadlineMs = nowMs + random.Between(500, 3_000) };
        if (_session == 0 && useSessions)
        {
            _purpose = Purpose.OpenSession;
            request.Kind = RequestKind.OpenSession;
        }
        else if (!_sentBefore && random.Chance(300))
        {
            _purpose = Purpose.ReadTotal;
            (_read, int? node) = draw();
            Destination = node ?? Target;
            request.Kind = RequestKind.Query;
            request.Consistency = _read.Consistency;
            request.Payload = Payload.Of(EncodeTotal());
        }
        else
        {
            _purpose = Purpose.Append;
            _attempts++;
            _sentBefore = true;
            request.Kind = RequestKind.Command;
            request.Session = _session;
            request.Sequence = useSessions ? _sequence : 0;
            request.AcknowledgedUpTo = useSessions ? _sequence - 1 : 0;
            request.Payload = Payload.Of(EncodeAppend(IsMark ? UpgradedRegisterMachine.MarkId : RegisterMachine.AppendId, id, Number));
        }

        return UnderWay = request;
    }

    /// <summary>The answer arrived. Returns the machine's total where a command was acknowledged, else 0.</summary>
    /// <exception cref="SimulationViolationException">The answer breaks a promise.</exception>
    public ulong OnAnswer(SimulatedRequest request)
    {
        UnderWay = null;
        switch (request.Status)
        {
            case ReplyStatus.Ok:
                return OnSuccess(request);
            case ReplyStatus.NotLeader when request.LeaderName is { } leader:
                Target = int.Parse(leader.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) - 1;
                return 0;
            case ReplyStatus.NotLeader or ReplyStatus.NoLeader or ReplyStatus.Overloaded or ReplyStatus.NodeStopped or ReplyStatus.DeadlineExceeded or ReplyStatus.StaleRead
                or ReplyStatus.OutcomeUnknown or ReplyStatus.UnknownMachine:
            case ReplyStatus.MachineHalted when request.Sentence?.Contains("apply hash", StringComparison.Ordinal) == true: // a replica that isn't trusted; whether one may be is checked elsewhere
                TryElsewhere();
                return 0;
            case ReplyStatus.MachineHalted when Marks && request.Sentence?.Contains("machine version", StringComparison.Ordinal) == true: // an old binary; whether it is one is checked elsewhere
                TryElsewhere();
                return 0;
            case ReplyStatus.UnknownCommand when IsMark && _attempts == 1:
                // Nobody has executed it, so it can be something else.
                OnMarkRefused?.Invoke(Number);
                _refusedMark = Number;
                (_attempts, _sentBefore) = (0, false);
                return 0;
            case ReplyStatus.UnknownCommand when IsMark: // that attempt wasn't executed; an earlier one may have been
            case ReplyStatus.SessionExpired or ReplyStatus.AlreadyAcknowledged:
                // Sent before: it may have been executed, and nobody can tell any more. The number is given up, not used again.
                Unknown++;
                Number++;
                _session = 0;
                _sequence = 1;
                (_attempts, _sentBefore) = (0, false);
                return 0;
            default:
                throw new SimulationViolationException("I10", $"client {id} is answered {request.Status}: {request.Sentence}");
        }
    }

    /// <summary>No answer came in time: try again, somewhere else.</summary>
    public void OnTimeout()
    {
        UnderWay = null;
        TryElsewhere();
    }

    /// <summary>The query for what the machine has executed.</summary>
    public static byte[] EncodeTotal()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        CallFormat.WriteHeader(ref writer, RegisterMachine.TotalId, 0);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the answer to it: total, executed twice, and each client's last command.</summary>
    public static (ulong Total, ulong Repeated, Dictionary<ulong, ulong> LastOf) DecodeTotal(byte[] body)
    {
        var reader = new MessagePackReader(body);
        int count = reader.ReadArrayHeader();
        ulong total = reader.ReadUInt64();
        ulong repeated = reader.ReadUInt64();
        var lastOf = new Dictionary<ulong, ulong>();
        for (int i = 2; i < count; i += 2)
            lastOf.Add(reader.ReadUInt64(), reader.ReadUInt64());
        return (total, repeated, lastOf);
    }

    private bool IsMark => Marks && Number % 3 == 0 && Number != _refusedMark;

    private static byte[] EncodeAppend(uint command, ulong client, ulong number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        CallFormat.WriteHeader(ref writer, command, 2);
        writer.Write(client);
        writer.Write(number);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private ulong OnSuccess(SimulatedRequest request)
    {
        switch (_purpose)
        {
            case Purpose.OpenSession:
                _session = request.Index;
                _sequence = 1;
                return 0;
            case Purpose.ReadTotal:
                CheckRead(request);
                return 0;
            default:
                var reader = new MessagePackReader(request.Body);
                ulong total = reader.ReadUInt64();
                See(request, total);
                SeeVersion(reader.End ? 0 : reader.ReadUInt64());
                Acknowledged = Number++;
                Done++;
                _sequence++;
                (_attempts, _sentBefore) = (0, false);
                return total;
        }
    }

    /// <summary>Once a version is in effect it stays so, and what it has counted stays counted.</summary>
    private void SeeVersion(ulong since)
    {
        if (since <= _since && _since > 0)
            throw new SimulationViolationException("version", $"client {id} is answered that {since} commands were executed by the new version, after {_since}");
        _since = since;
    }

    private void CheckRead(SimulatedRequest request)
    {
        (ulong total, ulong repeated, Dictionary<ulong, ulong> lastOf) = DecodeTotal(request.Body);
        lastOf.TryGetValue(id, out ulong last);
        if (repeated > 0)
            throw new SimulationViolationException("I10", $"client {id} reads that {repeated} commands were executed twice");
        if (total < _read.MustSeeTotal)
            throw new SimulationViolationException("I10", $"client {id} reads {total} executed commands at {_read.Consistency} although it must see {_read.MustSeeTotal}");
        if (last < Acknowledged && _read.MustSeeOwn)
            throw new SimulationViolationException("I10", $"client {id} reads at {_read.Consistency} that its last command is {last} although {Acknowledged} was acknowledged to it");
        See(request, total);
    }

    private void See(SimulatedRequest request, ulong total)
    {
        if (request.Seen.Index > Seen.Index)
            Seen = request.Seen;
        SeenTotal = Math.Max(SeenTotal, total);
    }

    private void TryElsewhere() => Target = random.Between(0, nodes - 1);
}
