using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A machine whose command allocates nothing, so that what a test measures is the node's.</summary>
internal sealed class BlankMachine : IReplicatedStateMachine<BlankMachine>
{
    private long _total;

    public static StateMachineManifest Manifest { get; } = new("blank", 1, 1, [new ManifestMember(1, "Add", 1, "(long) → long")], [], []);

    public static Type ClientType => typeof(IStateMachineChannel);

    public static BlankMachine Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        CallFormat.ReadHeader(ref command, out _);
        _total += command.ReadInt64();
        reply.Write(_total);
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => reply.Write(_total);

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => writer.Write(_total);

    public void ReadSnapshot(ref MessagePackReader reader, int version) => _total = reader.ReadInt64();

    public UInt128 ComputeStateHash(int version) => (UInt128)_total;
}
