using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Cursors;
using ReplicatedState.Runtime.Reads;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Scheduling;

namespace ReplicatedState.Runtime.Shards;

/// <summary>Committed entries and confirmed queries that the apply worker takes over from the shard, and what became of them. Used again and again.</summary>
internal sealed class ApplyBatch(GroupReplica replica, Completions completions, IClock clock) : MachineTask
{
    /// <summary>How long the worker applies before it reports; a single command may take longer.</summary>
    private const long SliceUsMax = 1_000;

    private const int EntriesMax = 256;
    private const long EntryBytesMax = 1024 * 1024;
    private const int BodyBytesKept = 1024 * 1024;
    private readonly List<AppliedReply> _replies = [];
    private readonly List<HeldAnswer> _held = [];
    private Entry[] _entries = [];
    private ArrayBufferWriter<byte> _bodies = new();
    private int _count;
    private int _readBatch;
    private int _readQuery;
    private bool _wantsReplies;

    /// <summary>The machine, while it is lent.</summary>
    public GatedMachine? Machine { get; set; }

    /// <summary>Queries that the state answers as it was lent.</summary>
    public List<ReadBatch> Reads { get; } = [];

    /// <summary>Queries that were run and are still to be answered.</summary>
    public IReadOnlyList<HeldAnswer> Held => _held;

    /// <summary>How many of the entries were applied.</summary>
    public int AppliedCount { get; private set; }

    /// <summary>What they count in byte limits.</summary>
    public long AppliedBytes { get; private set; }

    /// <summary>Whether a command was among them.</summary>
    public bool AppliedCommand { get; private set; }

    /// <summary>Whether the last of them orders to hash the state.</summary>
    public bool OrdersStateHash { get; private set; }

    /// <summary>Queries that were answered.</summary>
    public int AnsweredCount { get; private set; }

    /// <summary>The longest stretch of a few calls.</summary>
    public long LongestUs { get; private set; }

    /// <summary>True where there is something to do.</summary>
    public bool HasWork => _count > 0 || Reads.Count > 0;

    /// <summary>Takes entries that are to be applied next, with references of its own.</summary>
    /// <param name="log">Where they are.</param>
    /// <param name="from">The first.</param>
    /// <param name="through">The last that may be.</param>
    /// <param name="wantsReplies">Whether anybody waits for them.</param>
    public void Load(GroupLog log, ulong from, ulong through, bool wantsReplies)
    {
        if (_entries.Length == 0)
            _entries = new Entry[EntriesMax];
        int wanted = (int)Math.Min(EntriesMax, through + 1 - from);
        _count = log.Read(from, _entries.AsSpan(0, wanted), EntryBytesMax);
        Invariant.Holds(_count > 0, "what is committed can be read");
        foreach (ref readonly Entry entry in _entries.AsSpan(0, _count))
            entry.Retain();
        _wantsReplies = wantsReplies;
    }

    /// <inheritdoc/>
    public override void Run()
    {
        AnswerQueries();
        GatedMachine machine = Machine!;
        lock (machine.Gate)
        {
            long began = clock.MonotonicUs;
            long stretchBegan = began;
            while (AppliedCount < _count && machine.Machine.Apply(_entries[AppliedCount]))
            {
                ref readonly Entry entry = ref _entries[AppliedCount++];
                AppliedBytes += entry.SizeBytes;
                AppliedCommand |= entry.Kind == EntryKind.Command;
                OrdersStateHash = TickPayload.OrdersStateHash(entry);
                long now = clock.MonotonicUs;
                LongestUs = Math.Max(LongestUs, now - stretchBegan);
                if (AppliedCount % GroupReplica.StretchEntries == 0)
                    stretchBegan = now;
                if (now - began >= SliceUsMax || OrdersStateHash)
                    break;
            }
        }
    }

    /// <summary>Keeps the reply to an entry until the shard tells whoever waits for it.</summary>
    public void Keep(ulong index, ulong term, in NodeReply reply)
    {
        if (!_wantsReplies)
            return;
        _replies.Add(new AppliedReply(index, term, reply.Status, reply.Code, reply.Message, _bodies.WrittenCount, reply.Body.Length));
        _bodies.Write(reply.Body);
    }

    /// <summary>Ends the calls that waited for what was applied.</summary>
    public void Report(ProposalWaiters waiters)
    {
        foreach (AppliedReply kept in _replies)
        {
            waiters.OnApplied(
                kept.Index,
                kept.Term,
                new NodeReply
                {
                    Status = kept.Status,
                    Body = _bodies.WrittenSpan.Slice(kept.BodyStart, kept.BodyLength),
                    Index = kept.Index,
                    Term = kept.Term,
                    Code = kept.Code,
                    Message = kept.Message,
                },
                completions);
        }
    }

    /// <summary>The reply to a query that was run; until the next <see cref="Clear"/>.</summary>
    public NodeReply ReplyOf(in HeldAnswer held) => new()
    {
        Status = held.Status,
        Body = _bodies.WrittenSpan.Slice(held.BodyStart, held.BodyLength),
        Index = held.Applied,
        Code = held.Code,
        Message = held.Message,
    };

    /// <summary>Gives everything up, to be used again.</summary>
    public void Clear()
    {
        foreach (ref Entry entry in _entries.AsSpan(0, _count))
        {
            entry.Release();
            entry = default;
        }

        Machine = null;
        Reads.Clear();
        _replies.Clear();
        _held.Clear();
        if (_bodies.Capacity > BodyBytesKept)
            _bodies = new ArrayBufferWriter<byte>();
        _bodies.ResetWrittenCount();
        _count = _readBatch = _readQuery = AppliedCount = AnsweredCount = 0;
        AppliedBytes = LongestUs = 0;
        AppliedCommand = OrdersStateHash = false;
    }

    /// <inheritdoc/>
    public override void Abandon(string why)
    {
        while (NextQuery() is { } query)
            completions.Refuse(query, ReplyStatus.NodeStopped, why);
        foreach (HeldAnswer held in _held)
        {
            held.Rest?.Dispose();
            completions.Refuse(held.Query, ReplyStatus.NodeStopped, why);
        }

        Clear();
    }

    private void AnswerQueries()
    {
        long began = clock.MonotonicUs;
        while (NextQuery() is { } query)
        {
            bool isInPages = query.InPages; // once it is answered it may be another call's object
            if (Reads[_readBatch] is { IsByLease: true } batch)
                Hold(query, batch.Confirmed!.Value);
            else
                replica.AnswerLocally(query);
            AnsweredCount++;
            long now = clock.MonotonicUs;
            if (!isInPages)
                LongestUs = Math.Max(LongestUs, now - began); // the others never come to the shard, so they say nothing of what may
            began = now;
        }
    }

    private void Hold(NodeRequest query, in ConfirmedRead read)
    {
        int start = _bodies.WrittenCount;
        ReplyStatus status = replica.Run(query, _bodies, out string? code, out string? message, out ulong applied, out PagedResult? rest);
        _held.Add(new HeldAnswer(query, read, status, code, message, applied, start, _bodies.WrittenCount - start, rest));
    }

    private NodeRequest? NextQuery()
    {
        for (; _readBatch < Reads.Count; _readBatch++, _readQuery = 0)
        {
            if (_readQuery < Reads[_readBatch].Queries.Count)
                return Reads[_readBatch].Queries[_readQuery++];
        }

        return null;
    }

    private readonly record struct AppliedReply(ulong Index, ulong Term, ReplyStatus Status, string? Code, string? Message, int BodyStart, int BodyLength);
}
