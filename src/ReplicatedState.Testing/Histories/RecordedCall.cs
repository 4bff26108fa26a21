namespace ReplicatedState.Testing.Histories;

/// <summary>An operation under way; exactly one of its methods is called, once, just after it is known how it ended.</summary>
public sealed class RecordedCall<TInput, TOutput>
{
    private readonly HistoryRecorder<TInput, TOutput> _recorder;

    internal RecordedCall(HistoryRecorder<TInput, TOutput> recorder, Operation<TInput, TOutput> operation)
    {
        _recorder = recorder;
        Operation = operation;
    }

    internal Operation<TInput, TOutput> Operation { get; }

    /// <summary>It was answered.</summary>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public void Succeed(TOutput output) => _recorder.End(this, OperationStatus.Ok, output);

    /// <summary>It was certainly not executed.</summary>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public void Fail() => _recorder.End(this, OperationStatus.Fail, default!);

    /// <summary>Nobody can tell: a time-out, a lost connection, <see cref="CommandOutcomeUnknownException"/>. In doubt, this.</summary>
    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public void LoseTrack() => _recorder.End(this, OperationStatus.Unknown, default!);
}
