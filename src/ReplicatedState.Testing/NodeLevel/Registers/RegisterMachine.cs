using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Testing.NodeLevel;

/// <summary>A machine that remembers, for every client, which of its numbered commands it has executed, so that executing one twice or losing one shows.</summary>
internal sealed class RegisterMachine : IReplicatedStateMachine<RegisterMachine>
{
    public const string MachineName = "register";
    public const uint AppendId = 1;
    public const uint TotalId = 2;

    /// <summary>The version of the binary that executes.</summary>
    public int BinaryVersion { get; init; } = Manifest.Version;

    /// <summary>Hears of every execution on this thread, on whichever replica: a run stays on its thread, and machines are made without arguments.</summary>
    [ThreadStatic]
    private static NodeHistory? _history;
    private readonly SortedDictionary<ulong, ulong> _lastOf = [];
    private ulong _total;
    private ulong _repeated;

    public static StateMachineManifest Manifest { get; } = new(
        MachineName,
        Version: 1,
        SchemaHash: 7,
        Commands: [new(AppendId, "Append", 1, "(ulong client, ulong number) → ulong")],
        Queries: [new(TotalId, "Total", 1, "() → (ulong, ulong)")],
        State: []);

    public static Type ClientType => typeof(IStateMachineChannel);

    public static RegisterMachine Create() => new();

    /// <summary>Lets a run hear of what its replicas execute on this thread, until it disposes what is returned.</summary>
    public static IDisposable RecordInto(NodeHistory history)
    {
        _history = history;
        return new Recording();
    }

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        uint id = CallFormat.ReadHeader(ref command, out int count);
        if (id != AppendId)
            throw new UnknownCommandException($"The machine '{MachineName}' has no command {id}.");
        if (count != 2)
            throw new InvalidCommandException($"Append takes 2 arguments, not {count}.");
        command.ReadUInt64();
        command.ReadUInt64();
        return Manifest.Version;
    }

    void IStateMachine.Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref command, out _);
        ulong client = command.ReadUInt64();
        ulong number = command.ReadUInt64();
        SlowCommands.OnExecuted(client, number);
        _history?.Execute(context.Index, new RegisterExecution(client, number, id, context.MachineVersion), BinaryVersion);
        _lastOf.TryGetValue(client, out ulong last);
        if (number <= last)
            _repeated++;
        _lastOf[client] = Math.Max(last, number);
        _total += 1 + SlowCommands.TakeError(context.Index);
        reply.Write(_total);
    }

    void IStateMachine.Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        reply.WriteArrayHeader(2 + (2 * _lastOf.Count));
        reply.Write(_total);
        reply.Write(_repeated);
        foreach ((ulong client, ulong last) in _lastOf)
        {
            reply.Write(client);
            reply.Write(last);
        }
    }

    void IStateMachine.WriteSnapshot(ref MessagePackWriter writer, int version)
    {
        writer.WriteArrayHeader(2 + (2 * _lastOf.Count));
        writer.Write(_total);
        writer.Write(_repeated);
        foreach ((ulong client, ulong last) in _lastOf)
        {
            writer.Write(client);
            writer.Write(last);
        }
    }

    void IStateMachine.ReadSnapshot(ref MessagePackReader reader, int version)
    {
        _lastOf.Clear();
        int count = reader.ReadArrayHeader();
        _total = reader.ReadUInt64();
        _repeated = reader.ReadUInt64();
        for (int i = 2; i < count; i += 2)
            _lastOf.Add(reader.ReadUInt64(), reader.ReadUInt64());
    }

    UInt128 IStateMachine.ComputeStateHash(int version)
    {
        TraceHash hash = default;
        hash.Add(_total);
        hash.Add(_repeated);
        foreach ((ulong client, ulong last) in _lastOf)
        {
            hash.Add(client);
            hash.Add(last);
        }

        return hash.Low;
    }

    private sealed class Recording : IDisposable
    {
        public void Dispose() => _history = null;
    }
}
