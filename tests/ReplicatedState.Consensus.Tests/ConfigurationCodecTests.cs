using CsCheck;

namespace ReplicatedState.Consensus.Tests;

public sealed class ConfigurationCodecTests
{
    [Fact]
    public void What_was_encoded_is_decoded()
    {
        var configuration = new Configuration([new RaftId(1), new RaftId(ulong.MaxValue)], [new RaftId(3)], [new RaftId(4)], AutoLeave: true)
        {
            LearnersNext = [new RaftId(3)],
            AutoPromote = [new RaftId(4)],
        };
        Assert.Equal(configuration, ConfigurationCodec.Decode(ConfigurationCodec.Encode(configuration)));
    }

    [Fact]
    public void Bytes_that_are_no_configuration_are_refused_with_words() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            try
            {
                ConfigurationCodec.Encode(ConfigurationCodec.Decode(bytes));
            }
            catch (FormatException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
        });

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] bytes = ConfigurationCodec.Encode(Configuration.Of([new RaftId(1), new RaftId(2)]));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => ConfigurationCodec.Decode(bytes.AsSpan(0, length)));
    }
}
