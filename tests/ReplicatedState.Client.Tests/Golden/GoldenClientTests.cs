using System.Runtime.CompilerServices;
using System.Text;
using ReplicatedState.Client.Wire;

namespace ReplicatedState.Client.Tests.Golden;

/// <summary>What clients of an earlier release send and what nodes of it answered, kept as hexadecimal text under v1. See tests/ReplicatedState.Runtime.Tests/Golden/v1/README.md.</summary>
public sealed class GoldenClientTests
{
    private const string Switch = "REPLICATEDSTATE_WRITE_GOLDEN";

    public static TheoryData<ClientCallKind> Kinds => [.. Enum.GetValues<ClientCallKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_request_is_written_as_it_was_in_format_1(ClientCallKind kind)
    {
        ClientRequest request = RequestOf(kind);
        byte[] written = new byte[ClientRequestCodec.Measure(77, request)];
        var writer = new ProtoWriter(written);
        ClientRequestCodec.Write(ref writer, 77, request);
        string path = PathOf($"request-{kind}.hex");
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(path, Convert.ToHexString(written) + "\n");
        Assert.True(
            File.ReadAllText(path).ReplaceLineEndings("") == Convert.ToHexString(written),
            $"request-{kind} is no longer what this client writes: nodes of the last release may not understand it. Before a release, write it anew with {Switch}=1.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_request_of_format_1_is_understood_in_full(ClientCallKind kind)
    {
        byte[] bytes = Convert.FromHexString(File.ReadAllText(PathOf($"request-{kind}.hex")).ReplaceLineEndings(""));
        ClientRequest expected = RequestOf(kind);
        ClientRequestFields read = ClientRequestFields.Parse(bytes);
        Assert.Equal((77UL, (ulong)kind, expected.Session, expected.Sequence, expected.AcknowledgedUpTo), (read.Id, read.Kind, read.Session, read.Sequence, read.AcknowledgedUpTo));
        Assert.Equal((4UL, 1500UL, expected.Machine), (read.Consistency, read.TimeoutMs, Encoding.UTF8.GetString(read.Machine)));
        Assert.Equal((5UL, 2UL, 290UL), (read.SessionGroup, read.SessionEpoch, read.SessionIndex));
        Assert.Equal((expected.Cursor, (ulong)expected.Page), (read.Cursor, read.Page));
        Assert.Equal(expected.IdempotencyKey.ToArray(), read.IdempotencyKey.ToArray());
        Assert.Equal(expected.Payload.ToArray(), bytes.AsSpan(read.PayloadOffset, read.PayloadLength).ToArray());
    }

    [Fact]
    public void A_reply_of_format_1_is_understood_in_full()
    {
        byte[] bytes = Convert.FromHexString(File.ReadAllText(PathOf("reply.hex")).ReplaceLineEndings(""));
        ClientReplyFields read = ClientReplyFields.Parse(bytes);
        Assert.Equal((77UL, 3UL, 300UL, 4UL), (read.Id, read.Status, read.Index, read.Term));
        Assert.Equal((5UL, 2UL), (read.Group, read.Epoch));
        Assert.Equal([1, 2, 3], read.Body.ToArray());
        Assert.Equal(("code", "message"), (Encoding.UTF8.GetString(read.Code), Encoding.UTF8.GetString(read.Message)));
        Assert.Equal(("n2", "host:7000"), (Encoding.UTF8.GetString(read.LeaderName), Encoding.UTF8.GetString(read.LeaderAddress)));
    }

    private static ClientRequest RequestOf(ClientCallKind kind) => new()
    {
        Kind = kind,
        Machine = "bänk",
        Session = 300,
        Sequence = 70_000,
        AcknowledgedUpTo = 69_990,
        IdempotencyKey = new byte[] { 1, 2 },
        Consistency = ReadConsistency.AtLeast(new SessionToken(5, 2, 290)),
        Payload = new byte[] { 0x92, 0x07, 0xA1, 0x61 },
        Timeout = TimeSpan.FromMilliseconds(1500),
        Cursor = kind == ClientCallKind.Page ? 0x8000_0000_0000_0102 : 0,
        Page = kind == ClientCallKind.Page ? 300u : 0,
    };

    private static string PathOf(string name, [CallerFilePath] string self = "") => Path.Combine(Path.GetDirectoryName(self)!, "v1", name);
}
