using System.Globalization;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Formats;

/// <summary>Makes operations of a log of invocations and completions. Time is the line: nothing else in these logs orders events of different processes.</summary>
internal sealed class EventPairing(string file)
{
    private readonly List<Operation<RegisterCall, RegisterResult>> _history = [];
    private readonly Dictionary<long, Operation<RegisterCall, RegisterResult>> _open = [];

    public void Invoke(int line, long process, string key, RegisterCall call)
    {
        // A process that invokes again without having heard of its last operation has given that up.
        if (_open.Remove(process, out Operation<RegisterCall, RegisterResult>? lost))
            _history.Add(lost);
        _open.Add(process, new Operation<RegisterCall, RegisterResult>
        {
            Client = process,
            Call = line,
            Key = key,
            Input = call,
            Status = OperationStatus.Unknown,
            IsQuery = call.Kind == RegisterCallKind.Read,
        });
    }

    /// <param name="line">Where.</param>
    /// <param name="process">Whose.</param>
    /// <param name="kind">What completes; checked against what was invoked.</param>
    /// <param name="status">How. After an unknown outcome the process may invoke again.</param>
    /// <param name="result">What was answered.</param>
    /// <exception cref="HistoryFormatException">The process has nothing like it under way.</exception>
    public void Complete(int line, long process, RegisterCallKind kind, OperationStatus status, RegisterResult result)
    {
        if (!_open.Remove(process, out Operation<RegisterCall, RegisterResult>? invoked))
            throw new HistoryFormatException(file, line, string.Create(CultureInfo.InvariantCulture, $"process {process} has nothing under way that could end"));
        if (invoked.Input.Kind != kind)
            throw new HistoryFormatException(file, line, string.Create(CultureInfo.InvariantCulture, $"process {process} has a {invoked.Input.Kind} under way since line {invoked.Call}, not a {kind}"));
        _history.Add(invoked with { Return = status == OperationStatus.Unknown ? null : line, Status = status, Output = result });
    }

    /// <summary>All operations; those that are still open have an unknown outcome.</summary>
    public IReadOnlyList<Operation<RegisterCall, RegisterResult>> Finish() => [.. _history.Concat(_open.Values).OrderBy(o => o.Call)];
}
