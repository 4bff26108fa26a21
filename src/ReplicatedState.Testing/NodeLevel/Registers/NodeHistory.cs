using System.Globalization;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>
/// What all clients of a run saw and what all replicas executed, checked at the end against each other: in the order of the log, and for any order at all. All attempts of
/// a command are one operation.
/// </summary>
internal sealed class NodeHistory(int clients)
{
    /// <summary>The order of these operations shows in their answers, so a search takes about as many states as there are operations; more than this is a finding.</summary>
    private const int StatesMax = 200_000;
    private readonly RegisterMachineModel _model = new(clients);
    private readonly List<Operation<RegisterMachineCall, RegisterMachineState>> _operations = [];
    private readonly Operation<RegisterMachineCall, RegisterMachineState>?[] _appends = new Operation<RegisterMachineCall, RegisterMachineState>?[clients];
    private readonly long[] _readCalledUs = new long[clients];
    private readonly SortedDictionary<ulong, RegisterExecution> _executed = [];
    private readonly HashSet<(ulong Client, ulong Number)> _refusedMarks = [];
    private string? _contradiction;

    /// <summary>Operations that were checked.</summary>
    public int Checked { get; private set; }

    /// <summary>True where the search was given up.</summary>
    public bool IsUndecided { get; private set; }

    /// <summary>A client sends a command, for the first time or again. One that it sends no more, without an answer, has an unknown outcome.</summary>
    public void CallAppend(ulong client, ulong number, long nowUs)
    {
        ref Operation<RegisterMachineCall, RegisterMachineState>? open = ref _appends[client - 1];
        if (open?.Serial == number)
            return;
        if (open is not null)
            _operations.Add(open);
        open = new Operation<RegisterMachineCall, RegisterMachineState>
        {
            Client = (long)client,
            Call = nowUs,
            Input = new RegisterMachineCall(client, number),
            Status = OperationStatus.Unknown,
            Serial = number,
        };
    }

    /// <summary>It is acknowledged.</summary>
    public void ReturnAppend(ulong client, ulong total, long nowUs)
    {
        ref Operation<RegisterMachineCall, RegisterMachineState>? open = ref _appends[client - 1];
        _operations.Add(open! with { Status = OperationStatus.Ok, Return = nowUs, Output = new RegisterMachineState(total, []) });
        open = null;
    }

    /// <summary>A client asks for everything; without an answer that is no operation.</summary>
    public void CallRead(ulong client, long nowUs) => _readCalledUs[client - 1] = nowUs;

    /// <summary>It is answered.</summary>
    /// <param name="client">The client.</param>
    /// <param name="index">The log index that the answering replica had applied.</param>
    /// <param name="total">Executed commands.</param>
    /// <param name="lastOf">The last of each client.</param>
    /// <param name="nowUs">Now.</param>
    public void ReturnRead(ulong client, ulong index, ulong total, Dictionary<ulong, ulong> lastOf, long nowUs) =>
        _operations.Add(new Operation<RegisterMachineCall, RegisterMachineState>
        {
            Client = (long)client,
            Call = _readCalledUs[client - 1],
            Return = nowUs,
            Input = new RegisterMachineCall(client, 0),
            Output = new RegisterMachineState(total, [.. Enumerable.Range(1, clients).Select(c => lastOf.GetValueOrDefault((ulong)c))]),
            Status = OperationStatus.Ok,
            IsQuery = true,
            LogIndex = index,
        });

    /// <summary>A mark was refused before anything else was tried, because the version that it came with isn't in effect: it must never be executed.</summary>
    public void RefuseMark(ulong client, ulong number) => _refusedMarks.Add((client, number));

    /// <summary>A replica executes a command. Called within a node's turn, so what is wrong is said at the end.</summary>
    /// <param name="index">Where.</param>
    /// <param name="execution">What.</param>
    /// <param name="binaryVersion">The version of the replica's binary.</param>
    public void Execute(ulong index, in RegisterExecution execution, int binaryVersion)
    {
        if (!_executed.TryAdd(index, execution) && _executed[index] != execution)
            _contradiction ??= string.Create(CultureInfo.InvariantCulture, $"at {index} one replica executed {execution} and another, or before, {_executed[index]}");
        if (execution.Version > binaryVersion)
            _contradiction ??= string.Create(CultureInfo.InvariantCulture, $"at {index} a binary of version {binaryVersion} executed {execution}");
    }

    /// <summary>Checks everything.</summary>
    /// <exception cref="SimulationViolationException">It isn't linearizable, or that could not be decided.</exception>
    public void Check()
    {
        if (_contradiction is not null)
            throw new SimulationViolationException("I6", _contradiction);
        CheckVersions();
        List<Operation<RegisterMachineCall, RegisterMachineState>> history = [.. _operations, .. _appends.OfType<Operation<RegisterMachineCall, RegisterMachineState>>()];
        Checked = history.Count;
        IndexOrderCheck byIndex = IndexOrderedValidator.Check(
            _model, history, _executed.Select(e => new ExecutedCommand(e.Key, (long)e.Value.Client, e.Value.Number)));
        if (byIndex.Verdict != HistoryVerdict.Linearizable)
            throw new SimulationViolationException("I10", $"the history is not that of the log: {byIndex.Explanation}");
        HistoryCheck<RegisterMachineCall, RegisterMachineState> search = LinearizabilityChecker.Check(_model, history, new CheckBudget { StatesMax = StatesMax });
        IsUndecided = search.Verdict == HistoryVerdict.Inconclusive;
        if (IsUndecided)
            throw new SimulationViolationException("inconclusive", search.Doubt!);
        if (search.Violation is { } violation)
            throw new SimulationViolationException("I10", $"{violation.Explanation}{Environment.NewLine}{violation.Picture}");
    }

    /// <summary>Along the log versions only go up, and what a version brought is executed by it alone.</summary>
    private void CheckVersions()
    {
        int version = 0;
        foreach ((ulong index, RegisterExecution executed) in _executed)
        {
            if (executed.Version < version || (executed.IsMark && executed.Version < UpgradedRegisterMachine.Version))
                throw new SimulationViolationException("version", string.Create(CultureInfo.InvariantCulture, $"at {index} {executed} was executed by version {executed.Version}, after version {version}"));
            if (executed.IsMark && _refusedMarks.Contains((executed.Client, executed.Number)))
                throw new SimulationViolationException("I10", string.Create(CultureInfo.InvariantCulture, $"at {index} {executed} was executed although it was refused as unknown"));
            version = executed.Version;
        }
    }
}
