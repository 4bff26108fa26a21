using System.Buffers;
using System.Globalization;
using ReplicatedState.Testing.Histories;
using ReplicatedState.Testing.Replay;

namespace ReplicatedState.Testing.Cluster;

/// <summary>
/// Everything that clients asked and were answered, and everything that replicas executed. A deterministic machine is its own specification: at the end the log is executed once
/// more, on one machine alone, and every answer of every replica to every client is held against that.
/// </summary>
internal sealed class CallLedger(StateMachineDefinition definition)
{
    private readonly List<UserCall> _calls = [];
    private readonly SortedDictionary<Place, Executed> _executed = [];
    private readonly SortedDictionary<(ulong Index, int Version), CommandStamp> _migrations = [];

    /// <summary>Calls of clients.</summary>
    public int Calls => _calls.Count;

    /// <summary>Calls that were answered by the machine.</summary>
    public int Acknowledged => _calls.Count(c => c.Reply is not null);

    /// <summary>Calls that were refused: certainly not executed.</summary>
    public int Refused => _calls.Count(c => c.IsRefused);

    /// <summary>Operations that were checked.</summary>
    public int Checked { get; private set; }

    public void Add(UserCall call) => _calls.Add(call);

    /// <summary>Adds an execution. Returns a sentence where another replica, or an earlier life of this one, executed the same entry otherwise.</summary>
    public string? OnExecuted(in CommandStamp stamp, CallName caller, in ReadOnlySequence<byte> command, RecordedReply reply)
    {
        Place place = Place.Of(stamp);
        if (!_executed.TryGetValue(place, out Executed? before))
        {
            _executed.Add(place, new Executed(stamp, caller, command.ToArray(), reply with { Body = reply.Body.ToArray() }));
            return null;
        }

        return before.Reply.Equals(reply)
            ? null
            : $"two replicas, or two lives of one, executed {Describe(place)}, and one answered {before.Reply}, the other {reply}: the machine isn't deterministic. DeterminismProbe says more";
    }

    /// <summary>Adds a migration. Returns a sentence where another replica, or an earlier life of this one, migrated otherwise.</summary>
    public string? OnMigrated(in CommandStamp stamp, int version) =>
        _migrations.TryAdd((stamp.Index, version), stamp) || _migrations[(stamp.Index, version)] == stamp ? null : $"two replicas, or two lives of one, were told different times or random numbers in the migration to version {version} at {stamp.Index}";

    /// <summary>The command of an entry.</summary>
    public string Describe(ulong index) => Describe(new Place(index, Place.OfEntry));

    private string Describe(Place place)
    {
        if (!_executed.TryGetValue(place, out Executed? executed))
            return string.Create(CultureInfo.InvariantCulture, $"the command at {place.Index}");
        string call = CallText.OfCall(definition.Manifest, executed.Command);
        return executed.Stamp.Timer is { } timer
            ? string.Create(CultureInfo.InvariantCulture, $"{call} of timer {timer.Value} before the entry at {place.Index}")
            : string.Create(CultureInfo.InvariantCulture, $"{call} of {executed.Caller} at {place.Index}");
    }

    /// <summary>Holds what the clients saw against the log, executed once more.</summary>
    /// <exception cref="SimulationViolationException">An answer was wrong, a command was lost or executed twice, or a query saw too old a state.</exception>
    public void Check()
    {
        Replay();
        CheckSessions();
        var commands = new KeyedCommands(_calls, _executed.Values.Where(e => e.Stamp.Timer is null).DistinctBy(e => e.Stamp.Index).Select(e => (e.Stamp, e.Caller)));
        Checked = commands.Calls.Count;
        IndexOrderCheck check = IndexOrderedValidator.Check(new ReplayedModel(definition.Manifest), commands.Calls.Select(ToOperation), commands.Executed);
        if (check.Verdict != HistoryVerdict.Linearizable)
            throw new SimulationViolationException("history", check.Explanation!);
    }

    /// <summary>A query that asks for what its session has seen sees it.</summary>
    private void CheckSessions()
    {
        foreach (IGrouping<object, UserCall> session in _calls.Where(c => c.Reply is not null).GroupBy(c => c.Session))
        {
            UserCall[] returned = [.. session.OrderBy(c => c.ReturnedUs)];
            int next = 0;
            ulong seen = 0;
            foreach (UserCall call in session)
            {
                for (; next < returned.Length && returned[next].ReturnedUs < call.CalledUs; next++)
                    seen = Math.Max(seen, returned[next].Index);
                if (call.Consistency.Level == ConsistencyLevel.Session && call.Index < seen)
                    throw new SimulationViolationException("history", string.Create(CultureInfo.InvariantCulture, $"{CallText.OfCall(definition.Manifest, call.Payload)} of {call.Name} asked for what its session has seen, which was the state at {seen}, and was answered from that at {call.Index}"));
            }
        }
    }

    private void Replay()
    {
        var replica = new MachineReplica(definition);
        Dictionary<(int, ulong), UserCall> byName = _calls.Where(c => !c.IsQuery).ToDictionary(c => (c.Name.Number, c.Name.Serial));
        var queries = new Queue<UserCall>(_calls.Where(c => c.IsQuery && c.Reply is not null).OrderBy(c => c.Index));
        var migrations = new Queue<KeyValuePair<(ulong Index, int Version), CommandStamp>>(_migrations);
        foreach (Executed next in _executed.Values)
        {
            Migrate(below: next.Stamp.Index);
            AnswerQueries(below: next.Stamp.Index);
            RecordedReply reply = replica.Apply(next.Command, next.Stamp);
            if (!reply.Equals(next.Reply))
                throw new SimulationViolationException("determinism", $"{Describe(Place.Of(next.Stamp))} was answered {next.Reply} by a replica, and executed once more on a fresh machine it answers {reply}: the machine isn't deterministic. DeterminismProbe says more");
            if (byName.TryGetValue((next.Caller.Number, next.Caller.Serial), out UserCall? call))
                call.OnReplayed(reply, next.Stamp.Index);
        }

        Migrate(below: ulong.MaxValue);
        AnswerQueries(below: ulong.MaxValue);

        void Migrate(ulong below)
        {
            while (migrations.TryPeek(out KeyValuePair<(ulong Index, int Version), CommandStamp> migration) && migration.Key.Index < below)
            {
                AnswerQueries(below: migration.Key.Index);
                replica.Migrate(migration.Key.Version, migration.Value);
                migrations.Dequeue();
            }
        }

        void AnswerQueries(ulong below)
        {
            while (queries.TryPeek(out UserCall? query) && query.Index < below)
                queries.Dequeue().OnReplayed(replica.Query(query.Payload, query.InPages), query.Index);
        }
    }

    private static Operation<UserCall, RecordedReply> ToOperation(UserCall call)
    {
        // Where a query asked for less than linearizability, its answer has to be that of the index that it names, and nothing is said of when that was.
        bool isTimeless = call.IsQuery && call.Consistency.Level is not (ConsistencyLevel.Linearizable or ConsistencyLevel.Lease);
        return new Operation<UserCall, RecordedReply>
        {
            Client = call.Name.Number,
            Serial = call.Name.Serial,
            Call = isTimeless ? 0 : call.CalledUs,
            Return = isTimeless ? long.MaxValue : call.ReturnedUs,
            Input = call,
            Output = call.Reply!,
            Status = call.Reply is not null ? Histories.OperationStatus.Ok : call.IsRefused ? Histories.OperationStatus.Fail : Histories.OperationStatus.Unknown,
            IsQuery = call.IsQuery,
            LogIndex = call.Reply is null ? null : call.Index,
        };
    }

    /// <summary>The right answers are known from the replay, so there is no state.</summary>
    private sealed class ReplayedModel(StateMachineManifest manifest) : ISequentialModel<int, UserCall, RecordedReply>
    {
        public int Initial => 0;

        public RecordedReply Apply(int state, UserCall input, out int next)
        {
            next = state;
            return input.Right!;
        }

        public bool Accepts(RecordedReply specified, RecordedReply observed) => observed.Status == ReplyStatus.ReplyUnavailable || specified.Equals(observed);

        public string DescribeInput(UserCall input) => CallText.OfCall(manifest, input.Payload);

        public string DescribeState(int state) => "as the log left it";
    }

    /// <summary>Where in the order of all executions: the timers that fired before an entry come before its own command, or the commands of its batch.</summary>
    private readonly record struct Place(ulong Index, int Ordinal) : IComparable<Place>
    {
        public const int OfEntry = int.MaxValue;

        public static Place Of(in CommandStamp stamp) => new(stamp.Index, stamp.Timer is null && stamp.Ordinal == 0 ? OfEntry : stamp.Ordinal);

        public int CompareTo(Place other) => Index != other.Index ? Index.CompareTo(other.Index) : Ordinal.CompareTo(other.Ordinal);
    }

    private sealed record Executed(CommandStamp Stamp, CallName Caller, byte[] Command, RecordedReply Reply);
}
