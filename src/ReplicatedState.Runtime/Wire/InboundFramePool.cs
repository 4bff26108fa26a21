using ReplicatedState.Runtime.Memory;

namespace ReplicatedState.Runtime.Wire;

/// <summary>Frames to decode into. Safe for concurrent use; keeps a bounded number.</summary>
internal sealed class InboundFramePool(SlabPool slabs)
{
    private const int KeptMax = 256;
    private readonly Lock _gate = new();
    private readonly Stack<InboundFrame> _frames = new();

    public InboundFrame Rent()
    {
        lock (_gate)
        {
            if (_frames.TryPop(out InboundFrame? frame))
                return frame;
        }

        return new InboundFrame(this, slabs);
    }

    public void Return(InboundFrame frame)
    {
        lock (_gate)
        {
            if (_frames.Count < KeptMax)
                _frames.Push(frame);
        }
    }
}
