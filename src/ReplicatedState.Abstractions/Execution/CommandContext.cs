namespace ReplicatedState;

/// <summary>What a command may know beyond its arguments. Everything here is equal on every replica.</summary>
/// <remarks>Valid during the call only; the runtime reuses the object for the next command.</remarks>
public sealed class CommandContext
{
    private readonly DeterministicRandom _random = new();
    private bool _seeded;
    private UInt128 _seed;

    /// <summary>The log's time, stamped by the leader from the median of the voters' clocks; never goes back.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The index of the command's entry in the log.</summary>
    public ulong Index { get; private set; }

    /// <summary>The term of the command's entry.</summary>
    public ulong Term { get; private set; }

    /// <summary>The machine version in effect at this index.</summary>
    public int MachineVersion { get; private set; }

    /// <summary>Who sent the command, as the admitting node knew it; "anonymous" without authentication.</summary>
    public string Caller { get; private set; } = "anonymous";

    /// <summary>Random numbers, equal on every replica. Not for secrets: whoever can read the group's state can predict them.</summary>
    public Random Random
    {
        get
        {
            SeedOnce();
            return _random;
        }
    }

    /// <summary>A version 4 GUID, equal on every replica and different for every call.</summary>
    public Guid NewGuid()
    {
        SeedOnce();
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Prepares the context for one command. <paramref name="ordinal"/> counts the commands of a batch entry.</summary>
    internal void Begin(UInt128 groupSecret, ulong index, ulong term, int ordinal, long logTimeMs, int machineVersion, string caller)
    {
        Now = DateTimeOffset.FromUnixTimeMilliseconds(logTimeMs);
        Index = index;
        Term = term;
        MachineVersion = machineVersion;
        Caller = caller;
        _seed = groupSecret ^ new UInt128(index, (ulong)ordinal);
        _seeded = false;
    }

    /// <summary>All that the context tells a command, for whoever wants to execute the same command again.</summary>
    internal CommandStamp Stamp => new(_seed, Index, Term, Now, MachineVersion, Caller);

    /// <summary>Prepares the context for a command that was executed before, under this stamp.</summary>
    internal void Begin(in CommandStamp stamp)
    {
        (_seed, Index, Term, Now, MachineVersion, Caller) = stamp;
        _seeded = false;
    }

    private void SeedOnce()
    {
        if (_seeded)
            return;
        _random.Reseed(_seed);
        _seeded = true;
    }
}
