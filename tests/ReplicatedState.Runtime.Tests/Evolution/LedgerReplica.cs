using System.Buffers;
using System.Globalization;
using MessagePack;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Evolution;

/// <summary>A replica of the ledger on one of its binaries, which applies what the others apply.</summary>
internal sealed class LedgerReplica
{
    private LedgerReplica(Replica replica) => Inner = replica;

    public Replica Inner { get; }

    public GroupMachine Machine => Inner.Machine;

    public static LedgerReplica On<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine> => new(new Replica(definition: StateMachineDefinition.Of<TMachine>()));

    /// <summary>The same state under another binary, through the snapshot.</summary>
    public LedgerReplica MovedTo<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine>
    {
        LedgerReplica moved = On<TMachine>();
        moved.Machine.ReadSnapshot(new ReadOnlySequence<byte>(Inner.Snapshot()));
        return moved;
    }

    public Answer? Activate(int version)
    {
        var payload = new byte[VersionPayload.Size(version)];
        VersionPayload.Write(payload, version);
        return Inner.Apply(EntryKind.Version, payload);
    }

    public Answer? Book(string account, int cents, params string[] notes) => Inner.CallOnce(BookCall(account, cents, notes));

    public Answer? Clear() => Inner.CallOnce(Call("Clear", 0, static (ref MessagePackWriter _) => { }));

    public string Describe()
    {
        var body = new ArrayBufferWriter<byte>();
        byte[] query = Call("Describe", 0, static (ref MessagePackWriter _) => { });
        Assert.Equal(ReplyStatus.Ok, Machine.Query(new ReadOnlySequence<byte>(query), body, out _, out _));
        var reader = new MessagePackReader(body.WrittenMemory);
        return reader.ReadString()!;
    }

    public static byte[] BookCall(string account, int cents, params string[] notes) => Call("Book", 2 + notes.Length, (ref MessagePackWriter writer) =>
    {
        writer.Write(account);
        writer.Write(cents);
        foreach (string note in notes)
            writer.Write(note);
    });

    public delegate void WriteArguments(ref MessagePackWriter writer);

    private static byte[] Call(string name, int arguments, WriteArguments write)
    {
        IEnumerable<ManifestMember> members = [.. ManifestOf<Third.Ledger>().Commands, .. ManifestOf<Third.Ledger>().Queries];
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        CallFormat.WriteHeader(ref writer, members.Single(member => member.Name == name).Id, arguments);
        write(ref writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static StateMachineManifest ManifestOf<TMachine>()
        where TMachine : class, IReplicatedStateMachine<TMachine> => TMachine.Manifest;
}
