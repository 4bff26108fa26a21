using System.Buffers;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Memory;
using ReplicatedState.Runtime.Replication;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Shards;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Rehearsal;

/// <summary>One replica of the rehearsal's group: a core, its log in memory, its machine, and the frames that it sends. What is written counts as durable at once.</summary>
internal sealed class RehearsalReplica : IApplyObserver, IDisposable
{
    private const int PayloadSlabBytes = 64 * 1024;
    private const int CommandsPerTurn = 4;
    private static readonly GroupId Group = new(1);
    private static readonly Guid Cluster = new(0x5e4e5a1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private readonly RaftId _self;
    private readonly MemoryLogStore _store = new();
    private readonly GroupLog _log;
    private readonly RaftCore _core;
    private readonly GroupMachine _machine;
    private readonly Effects _effects = new();
    private readonly Entry[] _window = new Entry[16];
    private readonly SlabPool _slabs = new(1 << 20);
    private readonly PayloadWriter _payloads;
    private readonly InboundFramePool _inbound;
    private readonly Queue<(RaftId To, FrameBuffer Frame)> _sent;
    private readonly ProposalData[] _batch = new ProposalData[CommandsPerTurn];
    private ulong _reads;

    public RehearsalReplica(RaftId self, Configuration members, Queue<(RaftId To, FrameBuffer Frame)> sent)
    {
        _self = self;
        _sent = sent;
        _payloads = new PayloadWriter(_slabs, PayloadSlabBytes);
        _inbound = new InboundFramePool(_slabs);
        _log = new GroupLog(Group, _store, StoredGroup.Empty, 256, 1 << 20);
        var hardState = new HardState(1, RaftId.None, 1);
        Persist first = Persist.OfFirstEntries(hardState, [new Entry(1, 1, EntryKind.Config, 0, Payload.Of(ConfigurationCodec.Encode(members)))], replaceFrom: null);
        _log.Take(first);
        Write(first);
        _machine = new GroupMachine(Group, StateMachineDefinition.Of<RehearsalMachine>(), GroupGenesis.System, this);
        _core = new RaftCore(new CoreConfig { Self = self, Group = Group }, new PersistedState(hardState, 0), _log, new CoreRandom(self.Value));
    }

    public bool Leads => _core.Status.Role == RaftRole.Leader;

    /// <summary>Commands that were applied.</summary>
    public int Commands { get; private set; }

    /// <summary>Reads that were confirmed.</summary>
    public int Reads { get; private set; }

    public void Tick(long nowMs)
    {
        _core.Clock = new ClockReading(nowMs, nowMs);
        _core.Tick();
        CarryOut();
    }

    /// <summary>A leader's turn: commands of a client, and a linearizable read.</summary>
    public void Lead(ulong sequence)
    {
        for (int i = 0; i < _batch.Length; i++)
        {
            var header = new CommandHeader { IdempotencyKey = BitConverter.GetBytes(sequence + (ulong)i) };
            Payload payload = _payloads.Reserve(header.Size + RehearsalMachine.Command.Length, out Span<byte> room);
            RehearsalMachine.Command.CopyTo(room[header.Write(room)..]);
            _batch[i] = new ProposalData(EntryKind.Command, payload);
        }

        _core.Propose(_batch);
        foreach (ref readonly ProposalData proposal in _batch.AsSpan())
            proposal.Payload.Release();
        _core.RequestRead(new ReadContext(_self, 1, ++_reads));
        CarryOut();
    }

    /// <summary>A frame of another replica arrived.</summary>
    public void Receive(FrameBuffer frame)
    {
        FrameHeader header = FrameHeader.Open(new ReadOnlySequence<byte>(frame.Written), int.MaxValue, out ReadOnlySequence<byte> body);
        InboundFrame inbound = _inbound.Rent();
        inbound.Decode(body, header.From, header.To);
        inbound.SharedBy(1);
        foreach (ref readonly Message message in inbound.Messages)
            _core.Step(message);
        CarryOut();
        inbound.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Close();
        _payloads.Close();
        _store.Dispose();
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply) => Commands += reply.Body.IsEmpty ? 0 : 1;

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply) => throw new InvariantViolationException("The rehearsal's machine sets no timers.");

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => throw exception;

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => throw new InvariantViolationException($"The rehearsal's machine halted: {reason}");

    private void CarryOut()
    {
        while (_core.HasEffects)
        {
            _core.TakeEffects(_effects);
            foreach (Message message in _effects.SendNow)
                Send(message);
            ulong through = _effects.ApplyThrough;
            if (_effects.Persist is { } operation)
            {
                _log.Take(operation);
                Write(operation);
                foreach (Message message in operation.AfterDurable)
                    Send(message);
                _log.OnWritten(operation.Token, operation.Attested.Index);
                _core.OnPersisted(operation.Token);
            }

            Reads += _effects.Reads.Count;
            if (through > _machine.AppliedIndex)
                Apply(through);
        }

        _log.Trim();
    }

    private void Write(Persist operation)
    {
        _store.Write(Group, operation);
        _store.Sync();
        foreach (Entry entry in operation.Entries)
            entry.Release();
    }

    private void Apply(ulong through)
    {
        while (_machine.AppliedIndex < through)
        {
            int wanted = (int)Math.Min((ulong)_window.Length, through - _machine.AppliedIndex);
            int count = _log.Read(_machine.AppliedIndex + 1, _window.AsSpan(0, wanted), long.MaxValue);
            for (int i = 0; i < count; i++)
                _machine.Apply(_window[i]);
        }

        Array.Clear(_window);
        _core.OnApplied(through);
    }

    private void Send(in Message message)
    {
        FrameBuffer frame = FrameHeader.RentFrame();
        MessageCodec.Write(frame, message);
        new FrameHeader(FrameHeader.VersionMax, FrameKind.Messages, Cluster, 1, _self, message.To).Seal(frame);
        _sent.Enqueue((message.To, frame));
    }
}
