using System.Buffers;
using System.Globalization;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>One replica over a log that the test writes as it goes, and everything its observer was told.</summary>
internal sealed class Replica : IApplyObserver
{
    public const long MinuteMs = 60_000;
    private static readonly UInt128 Secret = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);

    public Replica(SessionLimits? limits = null, StateMachineDefinition? definition = null, int machineVersion = 1)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Genesis = new GroupGenesis(Secret, machineVersion, limits ?? SessionLimits.Default);
        Machine = new GroupMachine(new GroupId(7), definition ?? StateMachineDefinition.Of<Tally>(), Genesis, this);
    }

    public GroupGenesis Genesis { get; }

    public GroupMachine Machine { get; }

    public Tally Tally => (Tally)Machine.Machine;

    public List<Answer> Answers { get; } = [];

    public List<(ulong Timer, Answer Answer)> Fired { get; } = [];

    public List<Exception> Failures { get; } = [];

    public List<string> Halts { get; } = [];

    public List<Entry> Log { get; } = [];

    public ulong Term { get; set; } = 1;

    /// <summary>The log time of the next entry.</summary>
    public long NowMs { get; set; } = 1_700_000_000_000;

    /// <summary>Appends an entry and applies it; null where that halts the machine.</summary>
    public Answer? Apply(EntryKind kind, byte[]? payload = null)
    {
        var entry = new Entry(Machine.AppliedIndex + 1, Term, kind, NowMs, Payload.Of(payload ?? []));
        Log.Add(entry);
        return Apply(entry);
    }

    /// <summary>Applies an entry of another replica's log.</summary>
    public Answer? Apply(in Entry entry) => Machine.Apply(entry) ? Answers[^1] : null;

    public ulong OpenSession()
    {
        Answer answer = Apply(EntryKind.OpenSession)!;
        Assert.Equal(ReplyStatus.Ok, answer.Status);
        return answer.Index;
    }

    /// <summary>A command in a session.</summary>
    public Answer Call(ulong session, ulong sequence, byte[] command, ulong acknowledgedUpTo = 0) =>
        Apply(EntryKind.Command, Envelope(new CommandHeader { Session = session, Sequence = sequence, AcknowledgedUpTo = acknowledgedUpTo }, command))!;

    /// <summary>A command under an idempotency key.</summary>
    public Answer CallKeyed(ReadOnlySpan<byte> key, byte[] command) =>
        Apply(EntryKind.Command, Envelope(new CommandHeader { IdempotencyKey = key }, command))!;

    /// <summary>A command with neither.</summary>
    public Answer? CallOnce(byte[] command, string? caller = null) =>
        Apply(EntryKind.Command, Envelope(new CommandHeader { Caller = caller }, command));

    public long Total(string name)
    {
        var body = new ArrayBufferWriter<byte>();
        Assert.Equal(ReplyStatus.Ok, Machine.Query(new ReadOnlySequence<byte>(Tally.TotalOf(name)), body, out _, out _));
        return new Answer(0, 0, ReplyStatus.Ok, Convert.ToHexString(body.WrittenSpan), null, null).Number;
    }

    public byte[] Snapshot()
    {
        var bytes = new ArrayBufferWriter<byte>();
        Machine.WriteSnapshot(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Another replica, restored from this one's snapshot, that goes on at the same index, term and time.</summary>
    public Replica Restored()
    {
        var restored = new Replica(Genesis.Limits) { Term = Term, NowMs = NowMs };
        restored.Machine.ReadSnapshot(new ReadOnlySequence<byte>(Snapshot()));
        return restored;
    }

    public static byte[] Envelope(in CommandHeader header, byte[] command)
    {
        var payload = new byte[header.Size + command.Length];
        int size = header.Write(payload);
        command.CopyTo(payload.AsSpan(size));
        return payload;
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply) =>
        Answers.Add(new Answer(index, term, reply.Status, Convert.ToHexString(reply.Body), reply.Code, reply.Message));

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply) =>
        Fired.Add((timer.Value, new Answer(index, reply.Term, reply.Status, Convert.ToHexString(reply.Body), reply.Code, reply.Message)));

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => Failures.Add(exception);

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => Halts.Add(reason);
}
