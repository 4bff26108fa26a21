/// <summary>Hands out numbers in ranges.</summary>
[ReplicatedStateMachine("sequencer")]
public sealed partial class Sequencer
{
    [State] private readonly Dictionary<string, long> _next = [];

    [Command]
    public long Reserve(string sequence, int count)
    {
        long first = _next.GetValueOrDefault(sequence, 1);
        _next[sequence] = checked(first + count);
        return first;
    }

    // PLANT RSM2001: [Query] public long Peek(string sequence) => _next[sequence] = _next.GetValueOrDefault(sequence, 1);
    [Query] public long Peek(string sequence) => _next.GetValueOrDefault(sequence, 1);
}

/// <summary>Hands out the numbers of a range one by one, and gets the next range in time.</summary>
public sealed class Numbers(ISequencerClient sequencer)
{
    private const int Range = 100;
    private long _next = 1;
    private long _end;

    public async ValueTask<long> NextAsync()
    {
        if (_next > _end)
        {
            _next = await sequencer.ReserveAsync("numbers", Range);
            _end = _next + Range - 1;
        }

        return _next++;
    }
}
