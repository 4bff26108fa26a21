using MessagePack;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Node.Harness;

/// <summary>A tally whose test does something while a query runs: whatever can happen between the moment when a query was allowed and the one when its reply leaves.</summary>
internal sealed class PausingTally : IReplicatedStateMachine<PausingTally>
{
    [ThreadStatic]
    private static Action? _pause;

    private readonly Tally _tally = Tally.Create();

    public static StateMachineManifest Manifest { get; } = new("pausing", 1, 0x7A14, Tally.Manifest.Commands, [], Tally.Manifest.State);

    public static Type ClientType => Tally.ClientType;

    public static PausingTally Create() => new();

    public static object CreateClient(IStateMachineChannel channel) => channel;

    public static int ValidateCommand(ref MessagePackReader command)
    {
        command.Skip();
        return 1;
    }

    /// <summary>During the next query on this thread, after it has read the state.</summary>
    public static void PauseOnce(Action pause) => _pause = pause;

    public void Apply(ref MessagePackReader command, CommandContext context, ref MessagePackWriter reply) => _tally.Apply(ref command, context, ref reply);

    public void Query(ref MessagePackReader query, ref MessagePackWriter reply)
    {
        _tally.Query(ref query, ref reply);
        Action? pause = _pause;
        _pause = null;
        pause?.Invoke();
    }

    public void WriteSnapshot(ref MessagePackWriter writer, int version) => _tally.WriteSnapshot(ref writer, version);

    public void ReadSnapshot(ref MessagePackReader reader, int version) => _tally.ReadSnapshot(ref reader, version);

    public UInt128 ComputeStateHash(int version) => _tally.ComputeStateHash(version);
}
