using System.Buffers;
using MessagePack;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Distrust;

/// <summary>A tally as any other, but for what it does while a test says so: it counts one too many, as a machine that looks around would. Static, so for tests that don't run side by side.</summary>
internal sealed class FickleTally : IReplicatedStateMachine<FickleTally>
{
    private readonly Tally _tally = Tally.Create();

    /// <summary>What its replicas add to every amount.</summary>
    public static long Whim { get; set; }

    /// <summary>What its replicas add to the state alone, where no reply shows it.</summary>
    public static long SilentWhim { get; set; }

    public static StateMachineManifest Manifest => Tally.Manifest;

    public static Type ClientType => Tally.ClientType;

    public static FickleTally Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        uint id = CallFormat.ReadHeader(ref command, out _);
        Assert.Equal(1u, id);
        string name = command.ReadString()!;
        long amount = command.ReadInt64();
        var nothing = new MessagePackWriter(new ArrayBufferWriter<byte>());
        if (SilentWhim != 0)
            Add("silent", SilentWhim, context, ref nothing);
        Add(name, amount + Whim, context, ref reply);
    }

    private void Add(string name, long amount, CommandContext context, ref MessagePackWriter reply)
    {
        var command = new MessagePackReader(Tally.Add(name, amount));
        _tally.Apply(ref command, context, ref reply);
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply) => _tally.Query(ref query, ref reply);

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => _tally.WriteSnapshot(ref writer, version);

    public void ReadSnapshot(ref MessagePackReader reader, int version) => _tally.ReadSnapshot(ref reader, version);

    public UInt128 ComputeStateHash(int version) => _tally.ComputeStateHash(version);
}
