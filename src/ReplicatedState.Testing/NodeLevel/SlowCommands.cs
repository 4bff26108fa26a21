namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Makes some commands of a simulated machine take long: while a turn runs, the node's clock goes on by what they take. Counts where they ran.</summary>
/// <remarks>
/// A machine can't be told whose it is, so the thread that runs a node's turn knows. A turn happens at one moment; what it took is made up for after it where a shard took it, and before it,
/// by a late turn, where a worker did.
/// </remarks>
internal sealed class SlowCommands(int perMille, int usMax)
{
    [ThreadStatic]
    private static SlowCommands? t_running;

    private bool _onShard;

    /// <summary>By how much the clock of the turn under way is ahead.</summary>
    public long SpentUs { get; private set; }

    /// <summary>Slow commands that were executed by a worker.</summary>
    public long OnWorker { get; private set; }

    /// <summary>Slow commands that were executed by a shard, which they held up.</summary>
    public long OnShard { get; private set; }

    /// <summary>Runs a turn. Returns what its slow commands took, in microseconds.</summary>
    public long During(bool isShard, Action turn)
    {
        t_running = this;
        _onShard = isShard;
        try
        {
            turn();
            return SpentUs;
        }
        finally
        {
            t_running = null;
            SpentUs = 0;
        }
    }

    /// <summary>A command is executed in the turn under way, if any. Which ones are slow is the same on every replica.</summary>
    public static void OnExecuted(ulong client, ulong number)
    {
        if (t_running is not { } running)
            return;
        TraceHash draw = default;
        draw.Add(client);
        draw.Add(number);
        ulong drawn = draw.Low >> 16;
        if (drawn % 1000 >= (ulong)running.PerMille)
            return;
        running.SpentUs += 300 + (long)(drawn / 1000 % (ulong)running.UsMax);
        if (running._onShard)
            running.OnShard++;
        else
            running.OnWorker++;
    }

    /// <summary>So many of the next commands come out wrong on this station, as on a machine that looks around.</summary>
    public int WrongCommands { get; set; }

    /// <summary>True from a wrong command until the state is right again.</summary>
    public bool HasGoneWrong { get; set; }

    /// <summary>The entry whose command came out wrong last; 0 before any did.</summary>
    public ulong WrongAt { get; private set; }

    /// <summary>Whether the process has ended since.</summary>
    public bool HasEndedSince { get; private set; }

    /// <summary>The process ends.</summary>
    public void OnEnd() => HasEndedSince |= HasGoneWrong;

    /// <summary>By how much the command of an entry, which is executed in the turn under way, is wrong.</summary>
    public static ulong TakeError(ulong index)
    {
        if (t_running is not { WrongCommands: > 0 } running)
            return 0;
        running.WrongCommands--;
        running.HasGoneWrong = true;
        running.WrongAt = index;
        running.HasEndedSince = false;
        return 1_000_000;
    }

    private int PerMille => perMille;

    private int UsMax => usMax;
}
