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
