using MessagePack;
using ReplicatedState.Batches;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply.Sessions;
using ReplicatedState.Runtime.Options;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Apply;

/// <summary>What each kind of entry does. Every method that returns a bool says false where it halted the machine.</summary>
public sealed partial class GroupMachine
{
    private bool TryExecute(in Entry entry, out ReplicatedReply reply, out uint commandId, out string? localMessage)
    {
        reply = default;
        commandId = 0;
        localMessage = null;
        try
        {
            switch (entry.Kind)
            {
                case EntryKind.NoOp or EntryKind.Config:
                    return true;
                case EntryKind.Tick:
                    TickPayload.Check(entry);
                    return true;
                case EntryKind.OpenSession:
                    RequireNoPayload(entry);
                    reply = new ReplicatedReply(_history.TryOpen(entry.Index) ? ReplyStatus.Ok : ReplyStatus.Overloaded, default);
                    return true;
                case EntryKind.CloseSession:
                    _history.Close(CloseSessionPayload.Read(entry.Payload.Span));
                    return true;
                case EntryKind.Version:
                    return TryActivate(entry, VersionPayload.Read(entry.Payload.Span));
                case EntryKind.Command:
                    CommandEnvelope call = CommandEnvelope.Read(entry.Payload.Memory);
                    commandId = ReadCommandId(call.Command);
                    return TryCall(entry, call, isBatch: commandId == BatchFormat.Id, out reply, out localMessage);
                default:
                    return Halt(entry.Index, $"it is of kind {entry.Kind}, which this binary can't apply; install a binary that can, and restart");
            }
        }
        catch (InvalidCommandException exception)
        {
            return Halt(entry.Index, "it can't be decoded, so what the other replicas made of it is not known; install the binary that wrote it, and restart", exception);
        }
    }

    private bool TryCall(in Entry entry, scoped in CommandEnvelope call, bool isBatch, out ReplicatedReply reply, out string? localMessage)
    {
        localMessage = null;
        if (_history.Decide(call, out reply) == CallDecision.Answer)
            return true;
        string caller = _callers.NameOf(call.Caller);
        if (isBatch)
        {
            if (!TryRunBatch(entry, caller, call.Command))
                return false;
            reply = new ReplicatedReply(ReplyStatus.Ok, _batchReply.WrittenSpan);
        }
        else
        {
            if (!TryRun(entry, ordinal: 0, timer: null, caller, call.Command, out ReplyStatus status, out localMessage))
                return false;
            reply = new ReplicatedReply(status, _reply.WrittenSpan);
        }

        _history.Remember(call, reply);
        return true;
    }

    /// <summary>Runs the user's command; its replicated reply is then in <see cref="_reply"/>.</summary>
    private bool TryRun(in Entry entry, int ordinal, TimerId? timer, string caller, ReadOnlyMemory<byte> command, out ReplyStatus status, out string? localMessage)
    {
        status = ReplyStatus.Ok;
        localMessage = null;
        int version = Mutant == NodeMutant.VersionFromBinary ? _definition.Manifest.Version : MachineVersion;
        _context.Begin(_secret, entry.Index, entry.Term, ordinal, entry.LogTimeMs, version, caller, timer);
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        try
        {
            var reader = new MessagePackReader(command);
            var writer = new MessagePackWriter(Emptied(ref _reply));
            Machine.Apply(ref reader, _context, ref writer);
            writer.Flush();
            if (!reader.End)
                throw new InvalidCommandException("Bytes follow the command.");
            CommitEffects(entry);
            return true;
        }
        catch (CommandRejectedException rejection)
        {
            status = ReplyStatus.Rejected;
            ReplicatedReply.WriteRejection(Emptied(ref _reply), rejection.RejectionCode, rejection.Message);
        }
        catch (UnknownCommandException exception)
        {
            return Halt(entry.Index, "this binary doesn't know its command; install a binary that does, and restart", exception);
        }
        catch (Exception exception) when (exception is not InvalidCommandException)
        {
            if (ReplicaLocalFailure.Explains(exception))
                return Halt(entry.Index, $"its command threw {exception.GetType()}, which other replicas may not have thrown; remove the cause and restart", exception);
            status = ReplyStatus.Failed;
            localMessage = ReplicatedReply.MessageOf(exception);
            ReplicatedReply.WriteFailure(Emptied(ref _reply), exception);
            _observer.OnCommandFailed(entry.Index, exception);
        }

        _effects.Rollback();
        return true;
    }

    /// <summary>Versions only go up: an activation that was overtaken by a higher one does nothing.</summary>
    private bool TryActivate(in Entry entry, int version)
    {
        if (version <= MachineVersion)
            return true;
        if (version > _definition.Manifest.Version)
            return Halt(entry.Index, VersionMissing(version));
        int next = 0;
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        try
        {
            IStateMachine machine = Migrate(version, entry.Index, entry.Term, entry.LogTimeMs, out next);
            CommitEffects(entry);
            _effects.Machine = machine;
            MachineVersion = version;
            return true;
        }
        catch (Exception exception)
        {
            _effects.Rollback();

            // Whatever it was: no replica may be in a version whose state it doesn't have. The migration worked on a copy, so a better one finds everything as it was.
            return Halt(entry.Index, $"its migration to version {next} threw {exception.GetType()}; install a binary whose migration doesn't, and restart", exception);
        }
    }

    /// <summary>Runs the migrations to a version on a copy of the state, and leaves nothing of them: an activation whose migration throws would halt every replica.</summary>
    /// <returns>What went wrong, as the end of a sentence; null where nothing did, or there is nothing to try.</returns>
    internal string? TryMigrations(int version)
    {
        if (HaltReason is not null || version <= MachineVersion || version > _definition.Manifest.Version)
            return null;
        int next = 0;
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        _context.IsTrial = true;
        try
        {
            Migrate(version, AppliedIndex + 1, AppliedTerm, LogTimeMs, out next);
            return null;
        }
        catch (Exception exception)
        {
            return $"the migration to version {next} threw {exception.GetType()} on the state behind entry {AppliedIndex}: {ReplicatedReply.MessageOf(exception)}";
        }
        finally
        {
            _context.IsTrial = false;
            _effects.Rollback();
        }
    }

    /// <summary>The machine as of a version; this one is left as it is. <paramref name="next"/> is the version under way, also where the migration throws.</summary>
    private IStateMachine Migrate(int version, ulong index, ulong term, long logTimeMs, out int next)
    {
        IStateMachine machine = Machine;
        for (next = MachineVersion + 1; next <= version; next++)
        {
            // Below zero, where no command's or timer's number is, so that chance isn't theirs.
            _context.Begin(_secret, index, term, ordinal: -next, logTimeMs, next, CommandHeader.Anonymous, timer: null);
            machine = StateMigration.Run(_definition, machine, next, _context);
        }

        return machine;
    }

    private void CommitEffects(in Entry entry)
    {
        if (!_effects.Events.Emitted.IsEmpty)
            _hash.AppendEvents(entry, _effects.Events.Emitted);
        _effects.Commit(entry.Index, entry.LogTimeMs);
    }

    private static uint ReadCommandId(ReadOnlyMemory<byte> command)
    {
        var reader = new MessagePackReader(command);
        return CallFormat.ReadHeader(ref reader, out _);
    }

    private static void RequireNoPayload(in Entry entry)
    {
        if (entry.Payload.Length > 0)
            throw new InvalidCommandException($"An entry of kind {entry.Kind} has no payload, and this one has {entry.Payload.Length} bytes.");
    }
}
