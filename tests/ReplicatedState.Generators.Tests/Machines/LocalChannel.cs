using System.Buffers;
using System.Runtime.CompilerServices;
using MessagePack;
using ReplicatedState.Pages;

namespace ReplicatedState.Generators.Tests.Machines;

/// <summary>A channel straight into one machine, as if every command committed at once.</summary>
internal sealed class LocalChannel<TMachine> : ILocalChannel
    where TMachine : class, IReplicatedStateMachine<TMachine>
{
    private readonly StateMachineDefinition _definition = StateMachineDefinition.Of<TMachine>();
    private ulong _index;

    public TMachine Machine { get; private set; } = TMachine.Create();

    IStateMachine ILocalChannel.Machine => Machine;

    public StateMachineDefinition Definition => _definition;

    public byte[] LastRequest { get; private set; } = [];

    public byte[] LastReply { get; private set; } = [];

    public ReadConsistency LastConsistency { get; private set; }

    /// <summary>The key of the last call's channel, and null where it had none.</summary>
    public string? LastKey { get; private set; }

    public RequestBuffer RentRequest() => RequestBuffer.Rent();

    public SessionToken SessionToken { get; private set; }

    public IStateMachineChannel WithSession(SessionToken token)
    {
        SessionToken = token;
        return this;
    }

    public IStateMachineChannel WithIdempotencyKey(string key)
    {
        LastKey = key;
        return this;
    }

    public ValueTask<ReplyBuffer> CommandAsync(RequestBuffer request, CancellationToken cancellationToken)
    {
        using (request)
        {
            _definition.ValidateCommand(new ReadOnlySequence<byte>(request.Written));
            LastRequest = request.Written.ToArray();
            LastReply = Apply(request.Written);
            return new(ReplyBuffer.Copy(LastReply));
        }
    }

    public ValueTask<ReplyBuffer> QueryAsync(RequestBuffer request, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        using (request)
        {
            LastConsistency = consistency;
            LastRequest = request.Written.ToArray();
            LastReply = Query(request.Written);
            return new(ReplyBuffer.Copy(LastReply));
        }
    }

    public async IAsyncEnumerable<ReplyBuffer> QueryPagesAsync(RequestBuffer request, ReadConsistency consistency, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var pages = new PageWriter(PageLimits.Default);
        using (request)
        {
            LastConsistency = consistency;
            LastRequest = request.Written.ToArray();
            Write(request.Written, pages);
        }

        foreach (ResultPage page in pages.TakePages())
        {
            using (page)
                LastReply = page.Bytes.ToArray();
            await Task.Yield();
            yield return ReplyBuffer.Copy(LastReply);
        }

        void Write(ReadOnlyMemory<byte> query, PageWriter into)
        {
            var reader = new MessagePackReader(query);
            ((IStateMachine)Machine).QueryPages(ref reader, into);
            Assert.True(reader.End);
        }
    }

    public byte[] Apply(ReadOnlyMemory<byte> command)
    {
        var context = new CommandContext();
        context.Begin(groupSecret: 7, ++_index, term: 1, ordinal: 0, logTimeMs: 1_700_000_000_000, machineVersion: 1, caller: "test");
        var reader = new MessagePackReader(command);
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        Machine.Apply(ref reader, context, ref writer);
        writer.Flush();
        Assert.True(reader.End);
        return bytes.WrittenSpan.ToArray();
    }

    public byte[] Query(ReadOnlyMemory<byte> query)
    {
        var reader = new MessagePackReader(query);
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        Machine.Query(ref reader, ref writer);
        writer.Flush();
        Assert.True(reader.End);
        return bytes.WrittenSpan.ToArray();
    }

    public byte[] Snapshot() => Snapshot(Machine);

    public byte[] SnapshotOf(IStateMachine machine) => Snapshot(machine);

    public IStateMachine RestoreNew(ReadOnlyMemory<byte> snapshot)
    {
        TMachine machine = TMachine.Create();
        var reader = new MessagePackReader(snapshot);
        machine.ReadSnapshot(ref reader, TMachine.Manifest.Version);
        return machine;
    }

    public static byte[] Snapshot(IStateMachine machine, int? version = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        machine.WriteSnapshot(ref writer, version ?? TMachine.Manifest.Version);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static TMachine Restore(ReadOnlyMemory<byte> snapshot, int? version = null)
    {
        TMachine machine = TMachine.Create();
        var reader = new MessagePackReader(snapshot);
        machine.ReadSnapshot(ref reader, version ?? TMachine.Manifest.Version);
        Assert.True(reader.End);
        return machine;
    }
}
