using System.Buffers;
using System.Globalization;
using MessagePack;
using ReplicatedState.Pages;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Timers;

namespace ReplicatedState.Testing.Replay;

/// <summary>A machine without a log or sessions above it: executes one command after another and can be restored from its own snapshot. Answers as a node does.</summary>
internal sealed class MachineReplica(StateMachineDefinition definition)
{
    private readonly CommandContext _context = new() { Effects = new CommandEffects(definition.Manifest.Name, definition.Create()) };

    public IStateMachine Machine => Effects.Machine;

    /// <summary>The timers that its commands have set.</summary>
    public TimerQueue Timers => Effects.Timers;

    private CommandEffects Effects => _context.Effects!;

    /// <summary>Executes a command as it was, or will be, executed elsewhere.</summary>
    /// <exception cref="SimulationViolationException">It is that of a timer which isn't set or isn't due.</exception>
    public RecordedReply Apply(ReadOnlyMemory<byte> command, in CommandStamp stamp)
    {
        if (stamp.Timer is { } timer && Timers.Take(timer) is var call && (call is null || call.DueMs > stamp.Now.ToUnixTimeMilliseconds()))
            throw new SimulationViolationException("timers", string.Create(CultureInfo.InvariantCulture, $"timer {timer.Value} fired at {stamp.Index}, and {(call is null ? "isn't set any more, or never was" : "is due later")}"));
        _context.Begin(stamp);
        RecordedReply reply = Reply((ref MessagePackReader reader, ref MessagePackWriter writer) => Machine.Apply(ref reader, _context, ref writer), command);
        if (reply.Status == ReplyStatus.Ok)
            Effects.Commit(stamp.Index, stamp.Now.ToUnixTimeMilliseconds());
        else
            Effects.Rollback();
        return reply;
    }

    /// <summary>Takes the state to the next version, as it was done elsewhere.</summary>
    public void Migrate(int version, in CommandStamp stamp)
    {
        _context.Begin(stamp);
        Effects.Machine = StateMigration.Run(definition, Machine, version, _context);
        Effects.Commit(stamp.Index, stamp.Now.ToUnixTimeMilliseconds());
    }

    /// <summary>Answers a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="inPages">Whether it gives a sequence; the reply's body is then as of <see cref="RecordedPages"/>.</param>
    public RecordedReply Query(ReadOnlyMemory<byte> query, bool inPages)
    {
        if (!inPages)
            return Reply((ref MessagePackReader reader, ref MessagePackWriter writer) => Machine.Query(ref reader, ref writer), query);
        using var pages = new PageWriter(PageLimits.Default);
        return Reply(
            (ref MessagePackReader reader, ref MessagePackWriter writer) =>
            {
                Machine.QueryPages(ref reader, pages);
                var recorded = new RecordedPages();
                foreach (ResultPage page in pages.TakePages())
                {
                    recorded.Add(page.Bytes);
                    page.Dispose();
                }

                writer.WriteRaw(recorded.ToArray());
            },
            query);
    }

    /// <summary>Goes on as a new machine, with nothing but what this one's snapshot holds.</summary>
    public void RestoreFromSnapshot()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        Machine.WriteSnapshot(ref writer, definition.Manifest.Version);
        writer.Flush();
        IStateMachine restored = definition.Create();
        var reader = new MessagePackReader(bytes.WrittenMemory);
        restored.ReadSnapshot(ref reader, definition.Manifest.Version);
        Effects.Machine = restored;
    }

    /// <summary>The hash of the state, with everything that this binary's version knows.</summary>
    public UInt128 ComputeStateHash() => Machine.ComputeStateHash(definition.Manifest.Version);

    /// <summary>The reply that an exception stands for, where it is the machine's own; what concerns the call's encoding is thrown on.</summary>
    public static RecordedReply OfException(Exception exception) => exception is CommandRejectedException rejection
        ? new RecordedReply(ReplyStatus.Rejected, rejection.RejectionCode, rejection.Message, default)
        : new RecordedReply(ReplyStatus.Failed, exception.GetType().ToString(), null, default);

    private static RecordedReply Reply(Execution execute, ReadOnlyMemory<byte> call)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            var reader = new MessagePackReader(call);
            var writer = new MessagePackWriter(body);
            execute(ref reader, ref writer);
            writer.Flush();
            return new RecordedReply(ReplyStatus.Ok, null, null, body.WrittenMemory);
        }
        catch (Exception e) when (e is not UnknownCommandException and not InvalidCommandException)
        {
            return OfException(e);
        }
    }

    private delegate void Execution(ref MessagePackReader reader, ref MessagePackWriter writer);
}
