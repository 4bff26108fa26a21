using System.Buffers;
using ReplicatedState.Runtime.Administration;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Tests.Administration;

public sealed class AdministrationMessageTests
{
    private static readonly AdministrationMessage Request = AdministrationMessage.Request(
        7,
        isRepeated: true,
        new AdministrationOrder(AdministrationAction.RemoveMember) { Group = "bank", Member = "n2", AsLearner = true, Force = true, Version = 5, TimeoutMs = 1234 });

    private static readonly AdministrationMessage Answer = AdministrationMessage.Answer(
        8,
        new AdministrationOutcome(AdministrationStatus.Refused, "No.", AdministrationRefusal.QuorumAtRisk, 99));

    [Fact]
    public void Requests_and_answers_come_back_as_they_were_sent()
    {
        Assert.Equal(Request, Read(Write(Request)));
        Assert.Equal(Answer, Read(Write(Answer)));
    }

    [Fact]
    public void Truncated_damaged_and_longer_messages_are_refused_by_type()
    {
        foreach (AdministrationMessage message in new[] { Request, Answer })
        {
            byte[] whole = Write(message);
            for (int length = 0; length < whole.Length; length++)
                Assert.Throws<WireFormatException>(() => Read(whole[..length]));
            Assert.Throws<WireFormatException>(() => Read([.. whole, 0]));
        }

        byte[] unknownAction = Write(Request);
        unknownAction[10] = 200;
        Assert.Throws<WireFormatException>(() => Read(unknownAction));
        byte[] unknownKind = Write(Answer);
        unknownKind[0] = 3;
        Assert.Throws<WireFormatException>(() => Read(unknownKind));
    }

    private static byte[] Write(AdministrationMessage message)
    {
        using FrameBuffer frame = FrameBuffer.Rent();
        message.Write(frame);
        return frame.Written.ToArray();
    }

    private static AdministrationMessage Read(byte[] bytes)
    {
        var reader = new WireReader(new ReadOnlySequence<byte>(bytes));
        return AdministrationMessage.Read(ref reader);
    }
}
