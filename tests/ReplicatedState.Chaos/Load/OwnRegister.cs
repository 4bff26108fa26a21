using System.Globalization;
using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Node;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Chaos.Load;

/// <summary>A register that one client alone writes, with values that grow, and reads at <see cref="ReadConsistency.Session"/>: that may miss what others did, and so is no part of the history, but never what the client wrote or saw.</summary>
/// <param name="registers">The client's connection; the session goes with it.</param>
/// <param name="name">A key that nobody else uses.</param>
internal sealed class OwnRegister(IRegistersClient registers, string name)
{
    private int _number;
    private long _seen;

    /// <summary>The key to write at this time.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{name}.{_number}");

    /// <summary>A write of the key has ended.</summary>
    public void Wrote(long value, OperationStatus status)
    {
        if (status == OperationStatus.Ok)
        {
            _seen = value;
        }
        else if (status == OperationStatus.Unknown)
        {
            // It may still be executed, and follow a later one.
            _number++;
            _seen = 0;
        }
    }

    /// <summary>Reads.</summary>
    /// <exception cref="ChaosFailedException">The state is older than what the session has seen.</exception>
    /// <exception cref="ConsensusException">There was no answer.</exception>
    public async Task ReadAsync()
    {
        long value = await registers.ReadAsync(Key, ReadConsistency.Session) ?? 0;
        if (value < _seen)
            throw new ChaosFailedException(string.Create(CultureInfo.InvariantCulture, $"A session that has seen {Key} = {_seen} was shown {value} later."));
        _seen = value;
    }
}
