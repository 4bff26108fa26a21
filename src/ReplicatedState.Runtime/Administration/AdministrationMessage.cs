using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Transport;
using ReplicatedState.Runtime.Wire;

namespace ReplicatedState.Runtime.Administration;

/// <summary>An operator's request on its way to the node that leads, or the answer on its way back.</summary>
/// <param name="Id">The asking node's number for it.</param>
/// <param name="IsRepeated">It was sent before, to whichever leader, who may have begun it, or be done with it.</param>
/// <param name="Order">The request; null in answers.</param>
/// <param name="Outcome">The answer; null in requests.</param>
internal sealed record AdministrationMessage(ulong Id, bool IsRepeated, AdministrationOrder? Order, AdministrationOutcome? Outcome)
{
    private const byte RequestKind = 1;
    private const byte AnswerKind = 2;
    private const int TimeoutMsMax = 24 * 60 * 60 * 1000;

    public static AdministrationMessage Request(ulong id, bool isRepeated, AdministrationOrder order) => new(id, isRepeated, order, null);

    public static AdministrationMessage Answer(ulong id, AdministrationOutcome outcome) => new(id, false, null, outcome);

    /// <summary>Writes the body of a frame.</summary>
    public void Write(FrameBuffer frame)
    {
        var writer = new WireWriter(frame);
        writer.Byte(Order is null ? AnswerKind : RequestKind);
        writer.UInt64(Id);
        if (Order is { } order)
        {
            writer.Bool(IsRepeated);
            writer.Byte((byte)order.Action);
            writer.Text(order.Group ?? "");
            writer.Text(order.Member ?? "");
            writer.Bool(order.AsLearner);
            writer.Bool(order.Force);
            writer.Varint((ulong)order.Version);
            writer.Varint((ulong)order.TimeoutMs);
        }
        else if (Outcome is { } outcome)
        {
            writer.Byte((byte)outcome.Status);
            writer.Byte((byte)outcome.Reason);
            writer.Text(outcome.Message);
            writer.Varint(outcome.Index);
        }
    }

    /// <summary>Reads the body of a frame.</summary>
    /// <exception cref="WireFormatException">The bytes are no such message.</exception>
    public static AdministrationMessage Read(ref WireReader reader)
    {
        byte kind = reader.Byte();
        ulong id = reader.UInt64();
        AdministrationMessage message = kind switch
        {
            RequestKind => Request(id, reader.Bool(), ReadOrder(ref reader)),
            AnswerKind => Answer(id, ReadOutcome(ref reader)),
            _ => throw new WireFormatException($"An administrative message of kind {kind} is not known here."),
        };
        return reader.End ? message : throw new WireFormatException($"An administrative message is followed by {reader.Remaining} unexpected bytes.");
    }

    private static AdministrationOrder ReadOrder(ref WireReader reader)
    {
        byte action = reader.Byte();
        if (action is < (byte)AdministrationAction.AddMember or > (byte)AdministrationAction.CompareStates)
            throw new WireFormatException($"An administrative request of kind {action} is not known here.");
        string group = reader.Text("A group's name");
        string member = reader.Text("A member's name");
        return new AdministrationOrder((AdministrationAction)action)
        {
            Group = group.Length == 0 ? null : group,
            Member = member.Length == 0 ? null : member,
            AsLearner = reader.Bool(),
            Force = reader.Bool(),
            Version = reader.Count(int.MaxValue, "A machine version"),
            TimeoutMs = reader.Count(TimeoutMsMax, "A timeout"),
        };
    }

    private static AdministrationOutcome ReadOutcome(ref WireReader reader)
    {
        byte status = reader.Byte();
        byte reason = reader.Byte();
        if (status > (byte)AdministrationStatus.NodeStopped || reason > (byte)AdministrationRefusal.Rejected)
            throw new WireFormatException($"An administrative answer says {status}/{reason}, which means nothing here.");
        return new AdministrationOutcome((AdministrationStatus)status, reader.Text("A message"), (AdministrationRefusal)reason, reader.Varint());
    }
}
