using ReplicatedState.Consensus;

namespace ReplicatedState.Testing;

/// <summary>Recycles payload memory at once, so that whoever reads an entry without holding a reference is caught, and counts what is out, so that leaks are.</summary>
public sealed class SlabPool : IPayloadPool
{
    private readonly Stack<PayloadSlab> _free = new();

    /// <summary>Slabs that somebody holds a reference to.</summary>
    public int Outstanding { get; private set; }

    /// <summary>A payload in a slab of its own, with one reference, the caller's.</summary>
    public Payload Rent(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return Payload.Empty;
        PayloadSlab slab;
        if (_free.TryPop(out PayloadSlab? recycled) && recycled.Bytes.Length >= content.Length)
        {
            slab = recycled;
            slab.Reuse();
        }
        else
        {
            slab = new PayloadSlab(new byte[Math.Max(64, content.Length)], this);
        }

        Outstanding++;
        content.CopyTo(slab.Bytes);
        return new Payload(slab, 0, content.Length);
    }

    /// <inheritdoc/>
    public void Return(PayloadSlab slab)
    {
        Outstanding--;
        _free.Push(slab);
    }
}
