namespace ReplicatedState.Runtime.Tests.Golden;

public sealed class GoldenWireTests
{
    public static TheoryData<string> Written => [.. WireSamples.Frames.Keys];

    public static TheoryData<string> Kept => [.. GoldenFiles.NamesIn("wire")];

    [Theory]
    [MemberData(nameof(Written))]
    public void Every_frame_is_written_as_it_was_in_format_1(string name) => GoldenFiles.AssertStillWritten(name, WireSamples.Frames[name]);

    /// <summary>Whatever a field means is in the sample, so a decoder that passes over a field of the kept frame can't write it again.</summary>
    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_frame_of_format_1_is_understood_in_full(string name)
    {
        byte[] frame = GoldenFiles.Read(name);
        Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(WireSamples.Reencoded(frame)));
    }
}
