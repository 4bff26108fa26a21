namespace ReplicatedState.Consensus.Tests;

public sealed class PayloadTests
{
    [Fact]
    public void A_slab_goes_back_to_its_pool_with_its_last_reference()
    {
        var pool = new Pool();
        var slab = new PayloadSlab(new byte[10], pool);
        var payload = new Payload(slab, 2, 3);
        payload.Retain();
        slab.Release();
        Assert.Empty(pool.Returned);
        payload.Release();
        Assert.Same(slab, Assert.Single(pool.Returned));
    }

    [Fact]
    public void A_payload_of_a_recycled_slab_is_never_read()
    {
        var slab = new PayloadSlab(new byte[10], new Pool());
        var payload = new Payload(slab, 0, 10);
        slab.Release();
        slab.Reuse();
        Assert.Throws<InvariantViolationException>(() => payload.Span.Length);
        Assert.Throws<InvariantViolationException>(payload.Retain);
        Assert.Throws<InvariantViolationException>(payload.Release);
    }

    private sealed class Pool : IPayloadPool
    {
        public List<PayloadSlab> Returned { get; } = [];

        public void Return(PayloadSlab slab) => Returned.Add(slab);
    }
}
