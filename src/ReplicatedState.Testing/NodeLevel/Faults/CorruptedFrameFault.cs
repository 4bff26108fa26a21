namespace ReplicatedState.Testing.NodeLevel;

/// <summary>Frames arrive with a flipped bit, all the time; the streams see to it.</summary>
internal sealed class CorruptedFrameFault : NodeFault
{
    public override FaultKind Kind => FaultKind.CorruptedFrame;

    public override byte Code => 33;

    public override FaultSetting Draw(SeededRandom random) => new(random.OneOf(0, 100, 2_000));

    public override void Begin()
    {
    }
}
