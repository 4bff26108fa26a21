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

    [Fact]
    public void Values_that_are_equal_with_other_bits_have_one_hash_code()
    {
        HasOneHashCode(0.0, -0.0);
        HasOneHashCode(double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0001));
        HasOneHashCode(0.0f, -0.0f);
        HasOneHashCode(float.NaN, BitConverter.Int32BitsToSingle(0x7FC0_0001));
        HasOneHashCode((Half)0.0, (Half)(-0.0));
        HasOneHashCode(1.0m, 1.000m);
        HasOneHashCode(0m, -0.00m);
        HasOneHashCode(decimal.MaxValue, decimal.MaxValue);
        HasOneHashCode(new DateTime(1, DateTimeKind.Utc), new DateTime(1, DateTimeKind.Local));
        HasOneHashCode(new DateTimeOffset(2024, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        HasOneHashCode(System.Numerics.BigInteger.Pow(2, 100), System.Numerics.BigInteger.Pow(4, 50));
    }

    private static void HasOneHashCode<T>(T one, T other)
        where T : struct
    {
        IEqualityComparer<T> comparer = UntrustedComparer.For<T>();
        Assert.True(comparer.Equals(one, other));
        Assert.Equal(comparer.GetHashCode(one), comparer.GetHashCode(other));
    }
}
