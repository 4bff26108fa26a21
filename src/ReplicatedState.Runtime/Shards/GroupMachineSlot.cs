using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;

namespace ReplicatedState.Runtime.Shards;

/// <summary>The place of a group's machine on this node, with the one lock that keeps queries of other threads apart from applying.</summary>
/// <remarks>A group whose machine this binary lacks is stored and voted for all the same; it applies nothing and says why.</remarks>
internal sealed class GroupMachineSlot
{
    private GroupMachine? _machine;
    private string? _missing;
    private ulong _applied;

    /// <summary>Held while the machine is touched.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The machine; null where the binary lacks it. Touched under <see cref="Gate"/>.</summary>
    public GroupMachine? Machine => _machine;

    /// <summary>The last applied index.</summary>
    public ulong Applied => _machine?.AppliedIndex ?? _applied;

    /// <summary>Why nothing more is applied; null while all is well.</summary>
    public string? HaltReason => _missing ?? _machine?.HaltReason;

    /// <summary>Puts the machine in.</summary>
    public void Fill(GroupMachine machine) => _machine = machine;

    /// <summary>Says that there is none.</summary>
    public void Miss(string why, ulong applied)
    {
        _missing = why;
        _applied = applied;
    }

    /// <summary>Applies the next entry; false where the machine is halted. Under <see cref="Gate"/>.</summary>
    public bool Apply(in Entry entry) => _machine is { } machine && machine.Apply(entry);

    /// <summary>Answers a query from the state as it is. Any thread.</summary>
    public ReplyStatus Query(in ReadOnlySequence<byte> query, IBufferWriter<byte> body, out string? code, out string? message, out ulong applied)
    {
        lock (Gate)
        {
            applied = Applied;
            if (_missing is null && _machine is { } machine)
                return machine.Query(query, body, out code, out message);
        }

        code = null;
        message = _missing;
        return ReplyStatus.MachineHalted;
    }

    /// <summary>Looks at the machine from outside.</summary>
    public void Observe(bool withStateHash, out ulong applied, out long logTimeMs, out UInt128 applyHash, out int version, out UInt128? stateHash)
    {
        lock (Gate)
        {
            applied = Applied;
            logTimeMs = _machine?.LogTimeMs ?? 0;
            applyHash = _machine?.ApplyHash ?? UInt128.Zero;
            version = _machine?.MachineVersion ?? 0;
            stateHash = withStateHash && HaltReason is null ? _machine?.ComputeStateHash() : null;
        }
    }
}
