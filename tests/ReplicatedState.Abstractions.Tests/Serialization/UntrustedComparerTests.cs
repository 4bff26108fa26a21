using ReplicatedState.Serialization;

namespace ReplicatedState.Abstractions.Tests.Serialization;

public sealed class UntrustedComparerTests
{
    [Fact]
    public void Equal_keys_are_found()
    {
        var map = new Dictionary<Guid, int>(UntrustedComparer.For<Guid>());
        var id = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        map[id] = 1;

        Assert.Equal(1, map[new Guid("00112233-4455-6677-8899-aabbccddeeff")]);
        Assert.False(map.ContainsKey(Guid.Empty));
    }

    [Fact]
    public void Keys_that_share_their_default_hash_code_get_codes_of_their_own()
    {
        long[] colliding = [.. Enumerable.Range(0, 1000).Select(static i => ((long)i << 32) | (uint)i)];

        Assert.Single(colliding.Select(static key => key.GetHashCode()).Distinct());
        Assert.True(colliding.Select(UntrustedComparer.For<long>().GetHashCode).Distinct().Count() > 990);
    }
}
