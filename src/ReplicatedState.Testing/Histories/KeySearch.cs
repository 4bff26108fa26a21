namespace ReplicatedState.Testing.Histories;

/// <summary>
/// Looks for an order of one key's operations that explains all answers: the search of Wing and Gong (1993) with the memory of Lowe ("Testing for linearizability", 2017),
/// who also takes an operation into the order only when a return asks for it. Depth first, without recursion.
/// </summary>
/// <remarks>
/// Four things keep it short. Open operations that only read and have the right answer are taken at once: that closes no way. Of equal unknown operations
/// the earliest goes first. An unknown operation that changes nothing, or whose effect the next one would have had without it, is not taken: leaving it out is as good.
/// Configurations are known by the open operations only, so a memory of them costs as much as there is concurrency.
/// </remarks>
internal sealed class KeySearch<TState, TInput, TOutput>
    where TState : IEquatable<TState>?
{
    private const int StatesKept = 64;
    private const int StepsBetweenLooksAtTheClock = 4096;
    private readonly ISequentialModel<TState, TInput, TOutput> _model;
    private readonly KeyHistory<TInput, TOutput> _history;
    private readonly SearchMemo<TState> _memo;
    private readonly int _knownWords;
    private readonly ulong[] _bits;
    private readonly bool[] _placed;
    private readonly bool[] _isReadOnly;

    // The known operations that are not placed yet, by their calls; the head is at the end of the arrays.
    private readonly int[] _after;
    private readonly int[] _before;
    private readonly List<Step> _steps = [];
    private readonly HashSet<ValueTuple<TState>> _states = [];
    private int _position;
    private TState _state;

    public KeySearch(ISequentialModel<TState, TInput, TOutput> model, KeyHistory<TInput, TOutput> history)
    {
        _model = model;
        _history = history;
        _state = model.Initial;
        _knownWords = (history.Slots + 63) / 64;
        int unknownWords = (history.Unknown.Length + 63) / 64;
        _bits = new ulong[_knownWords + unknownWords];
        _memo = new SearchMemo<TState>(_knownWords, unknownWords);
        int count = history.Known.Length;
        _placed = new bool[count];
        _isReadOnly = Array.ConvertAll(history.Known, o => model.IsReadOnly(o.Input, o.Output));
        _after = new int[count + 1];
        _before = new int[count + 1];
        for (int k = 0; k <= count; k++)
        {
            _after[k] = k == count ? 0 : k + 1;
            _before[k] = k == 0 ? count : k - 1;
        }
    }

    /// <summary>The highest number of returns that were explained.</summary>
    public int Furthest { get; private set; } = -1;

    /// <summary>States in which a configuration was that came so far; not more than a picture has room for.</summary>
    public IEnumerable<TState> StatesThere => _states.Select(s => s.Item1);

    /// <summary>Configurations that were explored.</summary>
    public long Explored => _memo.Count;

    /// <summary>Why the search was given up.</summary>
    public string? Doubt { get; private set; }

    private int Head => _history.Known.Length;

    /// <summary>The order that was found, after <see cref="Run"/> returned <see cref="HistoryVerdict.Linearizable"/>.</summary>
    public List<Operation<TInput, TOutput>> Order() => [.. _steps.Select(s => s.Operation >= 0 ? _history.Known[s.Operation] : _history.Unknown[~s.Operation])];

    /// <summary>Searches until so many returns are explained.</summary>
    public HistoryVerdict Run(int returns, CheckBudget budget, long? deadlineMs)
    {
        while (true)
        {
            Settle(returns);
            if (_position >= returns)
                return HistoryVerdict.Linearizable;
            bool isNew = _memo.TryAdd(_position, _bits, _state);
            if (isNew)
            {
                if (IsExhausted(budget, deadlineMs))
                    return HistoryVerdict.Inconclusive;
                Remember();
            }

            if (isNew && TryPlace(_history.ByReturn[_position]))
                continue;
            if (isNew && TryFrom(_after[Head]))
                continue;
            if (!TryAnotherWay())
                return HistoryVerdict.NotLinearizable;
        }
    }

    /// <summary>Passes the returns that are explained, and places reads that are right: later they would do the same, if they were still right.</summary>
    private void Settle(int returns)
    {
        bool moved;
        do
        {
            moved = false;
            for (; _position < returns && _placed[_history.ByReturn[_position]]; _position++)
                Flip(_history.Slot[_history.ByReturn[_position]]);
            if (_position >= returns)
                return;
            for (int k = _after[Head]; k < _history.KnownOpen[_position] && k != Head; k = _after[k])
            {
                if (!_isReadOnly[k] || !Fits(k, _state, out _))
                    continue;
                Place(k, _state, isForced: true);
                moved = true;
            }
        }
        while (moved);
    }

    /// <summary>Goes on with the open known operations from <paramref name="k"/>, then with the unknown ones, the latest first: one that times out usually takes effect soon or never.</summary>
    private bool TryFrom(int k)
    {
        int asked = _history.ByReturn[_position];
        for (; k < _history.KnownOpen[_position] && k != Head; k = _after[k])
        {
            if (k != asked && TryPlace(k))
                return true;
        }

        return TryUnknown(_history.UnknownOpen[_position] - 1);
    }

    private bool TryPlace(int k)
    {
        if (!Fits(k, _state, out TState next))
            return false;
        if (LastIsUnknown(out TState earlier) && Fits(k, earlier, out TState without) && Same(without, next))
            return false;
        Place(k, next, isForced: false);
        return true;
    }

    private bool TryUnknown(int u)
    {
        for (; u >= 0; u--)
        {
            if (IsTaken(u) || (_history.Twin[u] is >= 0 and int twin && !IsTaken(twin)))
                continue;
            TInput input = _history.Unknown[u].Input;
            _model.Apply(_state, input, out TState next);
            if (Same(next, _state))
                continue;
            if (LastIsUnknown(out TState earlier))
            {
                _model.Apply(earlier, input, out TState without);
                if (Same(without, next))
                    continue;
            }

            _steps.Add(new Step(_position, ~u, _state, IsForced: false));
            Flip((_knownWords * 64) + u);
            _state = next;
            return true;
        }

        return false;
    }

    /// <summary>Takes steps back until another can be taken instead.</summary>
    private bool TryAnotherWay()
    {
        while (_steps.Count > 0)
        {
            Step step = _steps[^1];
            _steps.RemoveAt(_steps.Count - 1);
            TakeBack(step);
            if (step.IsForced)
                continue;
            bool found = step.Operation < 0
                ? TryUnknown(~step.Operation - 1)
                : TryFrom(step.Operation == _history.ByReturn[_position] ? _after[Head] : _after[step.Operation]);
            if (found)
                return true;
        }

        return false;
    }

    private void Place(int k, TState next, bool isForced)
    {
        _steps.Add(new Step(_position, k, _state, isForced));
        _placed[k] = true;
        _after[_before[k]] = _after[k];
        _before[_after[k]] = _before[k];
        Flip(_history.Slot[k]);
        _state = next;
    }

    private void TakeBack(in Step step)
    {
        while (_position > step.Position)
            Flip(_history.Slot[_history.ByReturn[--_position]]);
        _state = step.StateBefore;
        if (step.Operation < 0)
        {
            Flip((_knownWords * 64) + ~step.Operation);
            return;
        }

        int k = step.Operation;
        Flip(_history.Slot[k]);
        _placed[k] = false;
        _after[_before[k]] = k;
        _before[_after[k]] = k;
    }

    private void Remember()
    {
        if (_position > Furthest)
        {
            Furthest = _position;
            _states.Clear();
        }

        if (_position == Furthest && _states.Count < StatesKept)
            _states.Add(new ValueTuple<TState>(_state));
    }

    private bool IsExhausted(CheckBudget budget, long? deadlineMs)
    {
        if (_memo.Count > budget.StatesMax)
            Doubt = $"{budget.StatesMax} states were explored";
        else if (_memo.IsFull)
            Doubt = $"memory for {_memo.Count} states with {_history.Unknown.Length} operations of unknown outcome is used up";
        else if (deadlineMs is { } deadline && _memo.Count % StepsBetweenLooksAtTheClock == 0 && budget.Clock!.MonotonicMs > deadline)
            Doubt = $"{budget.MillisecondsMax} ms are over";
        return Doubt is not null;
    }

    private bool Fits(int k, TState state, out TState next)
    {
        Operation<TInput, TOutput> operation = _history.Known[k];
        return _model.Accepts(_model.Apply(state, operation.Input, out next), operation.Output);
    }

    /// <summary>Whether the last step took an unknown operation, and what the state was before it.</summary>
    private bool LastIsUnknown(out TState before)
    {
        bool isUnknown = _steps.Count > 0 && _steps[^1].Operation < 0;
        before = isUnknown ? _steps[^1].StateBefore : _state;
        return isUnknown;
    }

    private bool IsTaken(int u) => (_bits[_knownWords + (u / 64)] & (1UL << (u % 64))) != 0;

    private void Flip(int bit) => _bits[bit / 64] ^= 1UL << (bit % 64);

    private static bool Same(TState left, TState right) => EqualityComparer<TState>.Default.Equals(left, right);

    private readonly record struct Step(int Position, int Operation, TState StateBefore, bool IsForced);
}
