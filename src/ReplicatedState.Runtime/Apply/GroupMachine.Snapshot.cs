using System.Buffers;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply.Sessions;
using ReplicatedState.Serialization;
using ReplicatedState.Events;
using ReplicatedState.Timers;

namespace ReplicatedState.Runtime.Apply;

/// <summary>The whole replica as bytes: equal states are equal bytes, as far as the user's own collections have an order.</summary>
/// <remarks>
/// One array: format, machine name, version of the binary, commands, events and state members as maps of id → name, index, term, log time, apply hash, effective machine
/// version, client calls, timers, events, state. The index is taken with the state that it belongs to, so that a replay after a restore applies nothing twice.
/// </remarks>
public sealed partial class GroupMachine
{
    internal const int SnapshotFormatVersion = 1;
    internal const int SnapshotPartsCount = 15;

    /// <summary>Writes the replica's state as of <see cref="AppliedIndex"/>.</summary>
    /// <exception cref="InvariantViolationException">The machine is halted: what it left half done is nobody's state.</exception>
    public void WriteSnapshot(IBufferWriter<byte> into)
    {
        Invariant.Holds(HaltReason is null, "a halted machine's state is not saved");
        StateMachineManifest manifest = _definition.Manifest;
        var writer = new MessagePackWriter(into);
        writer.WriteArrayHeader(SnapshotPartsCount);
        writer.Write(SnapshotFormatVersion);
        writer.Write(manifest.Name);
        writer.Write(manifest.Version);
        WriteNames(ref writer, manifest.Commands);
        WriteNames(ref writer, manifest.Events);
        WriteNames(ref writer, manifest.State);
        writer.Write(AppliedIndex);
        writer.Write(AppliedTerm);
        writer.Write(LogTimeMs);
        ScalarFormat.Write(ref writer, ApplyHash);
        writer.Write(MachineVersion);
        _history.Write(ref writer);
        _effects.Timers.Write(ref writer);
        _effects.Events.Write(ref writer);
        Machine.WriteSnapshot(ref writer, MachineVersion);
        writer.Flush();
    }

    /// <summary>
    /// Replaces everything by what <see cref="WriteSnapshot"/> wrote, and ends a halt. Where it throws, nothing was replaced. Where the effective machine version is newer than
    /// this binary, the replica stands at the snapshot's index and is halted there: the node goes on to vote for the group and to store its log.
    /// </summary>
    /// <exception cref="InvalidSnapshotException">The snapshot is damaged, of another machine, or of a machine whose ids had other names.</exception>
    public void ReadSnapshot(in ReadOnlySequence<byte> from)
    {
        try
        {
            var reader = new MessagePackReader(from);
            ReadSnapshot(ref reader);
        }
        catch (Exception exception) when (exception is not (InvalidSnapshotException or StorageFailedException or OutOfMemoryException))
        {
            // Whatever a decoder throws because of the bytes: the user's formatters and constructors included.
            throw new InvalidSnapshotException($"The snapshot of group {_group} can't be decoded: {exception.Message}", exception);
        }
    }

    /// <summary>A hash of the client calls, the timers, the events and the user's state: equal on replicas with equal <see cref="AppliedIndex"/>, or one of them has diverged.</summary>
    /// <exception cref="InvariantViolationException">The machine is halted.</exception>
    public UInt128 ComputeStateHash()
    {
        Invariant.Holds(HaltReason is null, "a halted machine's state is not hashed");
        var hash = new HashingWriter();
        var writer = new MessagePackWriter(hash);
        writer.Write(AppliedIndex);
        writer.Write(AppliedTerm);
        writer.Write(LogTimeMs);
        writer.Write(MachineVersion);
        _history.Write(ref writer);
        _effects.Timers.Write(ref writer);
        _effects.Events.Write(ref writer);
        ScalarFormat.Write(ref writer, Machine.ComputeStateHash(MachineVersion));
        writer.Flush();
        return hash.Hash;
    }

    private void ReadSnapshot(ref MessagePackReader reader)
    {
        StateMachineManifest manifest = _definition.Manifest;
        int parts = reader.ReadArrayHeader();
        int format = reader.ReadInt32();
        Require(format == SnapshotFormatVersion && parts == SnapshotPartsCount, $"it has format {format} with {parts} parts, and this binary reads format {SnapshotFormatVersion}");
        string? name = reader.ReadString();
        Require(name == manifest.Name, $"it is of the machine '{name}', not of '{manifest.Name}'");
        _ = reader.ReadInt32(); // the version of the binary that wrote it: for humans
        CheckNames(ref reader, manifest.Commands, "command");
        CheckNames(ref reader, manifest.Events, "event");
        CheckNames(ref reader, manifest.State, "state member");

        ulong index = reader.ReadUInt64();
        ulong term = reader.ReadUInt64();
        long logTimeMs = reader.ReadInt64();
        UInt128 applyHash = ScalarFormat.ReadUInt128(ref reader);
        int machineVersion = reader.ReadInt32();
        Require(machineVersion >= 1, $"its machine version is {machineVersion}");
        CallHistory history = CallHistory.Read(ref reader, _secret, logTimeMs);
        var effects = new CommandEffects(manifest.Name, _definition.Create()) { Timers = TimerQueue.Read(ref reader), Events = EventLog.Read(ref reader) };
        bool understood = machineVersion <= manifest.Version;
        if (understood)
        {
            effects.Machine.ReadSnapshot(ref reader, machineVersion);
            Require(reader.End, "bytes follow it");
        }

        _history = history;
        _effects = _context.Effects = effects;
        AppliedIndex = index;
        AppliedTerm = term;
        LogTimeMs = logTimeMs;
        MachineVersion = machineVersion;
        _hash.Value = applyHash;
        Checkpoints.Reset(index, applyHash);
        HaltReason = null;
        if (!understood)
            Halt(index + 1, VersionMissing(machineVersion));
    }

    private static void WriteNames(ref MessagePackWriter writer, IReadOnlyList<ManifestMember> members)
    {
        writer.WriteMapHeader(members.Count);
        foreach (ManifestMember member in members)
        {
            writer.Write(member.Id);
            writer.Write(member.Name);
        }
    }

    /// <summary>An id that means something else now would make this binary read one member's data as another's.</summary>
    private void CheckNames(ref MessagePackReader reader, IReadOnlyList<ManifestMember> members, string what)
    {
        int count = reader.ReadMapHeader();
        for (int i = 0; i < count; i++)
        {
            uint id = reader.ReadUInt32();
            string? name = reader.ReadString();
            ManifestMember? now = members.FirstOrDefault(member => member.Id == id);
            Require(now is null || now.Name == name, $"its {what} {id} is '{name}', and in this binary '{now?.Name}'");
        }
    }

    private void Require(bool condition, string sentence)
    {
        if (!condition)
            throw new InvalidSnapshotException($"The snapshot of group {_group} doesn't fit: {sentence}.");
    }
}
