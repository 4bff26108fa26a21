using MessagePack;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A tally that calls its state by another name, so that no snapshot of the real one fits.</summary>
internal sealed class RenamedTally : IReplicatedStateMachine<RenamedTally>
{
    public static StateMachineManifest Manifest { get; } = new(Tally.Manifest.Name, 2, 0x7A12, Tally.Manifest.Commands, [], [new ManifestMember(1, "Sums", 1, "map")]);

    public static Type ClientType => Tally.ClientType;

    public static RenamedTally Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply) => reply.WriteNil();

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => reply.WriteNil();

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => writer.WriteNil();

    public void ReadSnapshot(ref MessagePackReader reader, int version) => reader.Skip();

    public UInt128 ComputeStateHash(int version) => 0;
}
