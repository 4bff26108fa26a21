using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>Commands 1 to 7 came with the machine version of their number; 8 can't be decoded, and there is no 9.</summary>
internal sealed class VersionedCalls : IReplicatedStateMachine<VersionedCalls>
{
    public static StateMachineManifest Manifest { get; } = new("versioned", 7, 1, [], [], []);

    public static Type ClientType => typeof(IStateMachineChannel);

    public static byte[] Call(byte number) => [0x91, number];

    public static VersionedCalls Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command) => CallFormat.ReadHeader(ref command, out _) switch
    {
        8 => throw new InvalidCommandException("not so"),
        > 8 => throw new UnknownCommandException("no such call"),
        uint number => (int)number,
    };

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply) => throw new NotSupportedException("It is only asked.");

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => throw new NotSupportedException("It is only asked.");

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => throw new NotSupportedException("It is only asked.");

    public void ReadSnapshot(ref MessagePackReader reader, int version) => throw new NotSupportedException("It is only asked.");

    public UInt128 ComputeStateHash(int version) => throw new NotSupportedException("It is only asked.");
}
