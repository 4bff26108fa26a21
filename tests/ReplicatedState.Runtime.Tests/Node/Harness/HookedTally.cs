using MessagePack;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using ReplicatedState.Serialization;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A tally whose test is told of each call, on the thread that executes it, and may make it take as long as it likes. For one test class: the hook is static.</summary>
internal sealed class HookedTally : IReplicatedStateMachine<HookedTally>
{
    private readonly Tally _tally = Tally.Create();

    /// <summary>Hears "apply", "query" and "write".</summary>
    public static Action<string>? Hook { get; set; }

    public static StateMachineManifest Manifest { get; } = new("hooked", 1, 0x7A13, Tally.Manifest.Commands, [], Tally.Manifest.State);

    public static Type ClientType => Tally.ClientType;

    public static HookedTally Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply)
    {
        Hook?.Invoke("apply");
        _tally.Apply(ref command, context, ref reply);
    }

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        Hook?.Invoke("query");
        _tally.Query(ref query, ref reply);
    }

    public void WriteSnapshot(ref MessagePackWriter writer, int version)
    {
        Hook?.Invoke("write");
        _tally.WriteSnapshot(ref writer, version);
    }

    public void ReadSnapshot(ref MessagePackReader reader, int version) => _tally.ReadSnapshot(ref reader, version);

    public UInt128 ComputeStateHash(int version) => _tally.ComputeStateHash(version);
}
