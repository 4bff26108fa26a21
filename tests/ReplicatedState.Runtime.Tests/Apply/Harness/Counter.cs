using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>A machine whose only command allocates nothing itself.</summary>
internal sealed class Counter : IReplicatedStateMachine<Counter>
{
    private long _value;

    public static StateMachineManifest Manifest { get; } = new("counter", 1, 1, [], [], []);

    public static Type ClientType => typeof(IStateMachineChannel);

    /// <summary>The only command: <c>[1]</c>.</summary>
    public static byte[] Increment { get; } = [0x91, 0x01];

    public static Counter Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        CallFormat.ReadHeader(ref command, out _);
        reply.Write(++_value + context.Now.Ticks);
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => reply.Write(_value);

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => writer.Write(_value);

    public void ReadSnapshot(ref MessagePackReader reader, int version) => _value = reader.ReadInt64();

    public UInt128 ComputeStateHash(int version) => (UInt128)_value;
}
