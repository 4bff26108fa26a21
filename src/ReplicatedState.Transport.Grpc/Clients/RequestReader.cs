using System.Buffers;
using ReplicatedState.Client.Wire;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Requests;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>Turns received bytes into calls for the node. The bytes are copied once, into the slab that the payloads then are slices of.</summary>
internal static class RequestReader
{
    /// <summary>Copies a message into a slab. The caller releases it.</summary>
    public static PayloadSlab Copy(in ReadOnlySequence<byte> message, int length)
    {
        PayloadSlab slab = RequestSlabs.Shared.Rent(length);
        message.CopyTo(slab.Bytes);
        return slab;
    }

    /// <summary>Fills a call from a <c>ClientRequest</c> that lies in a slab; the payload holds a reference from now on.</summary>
    /// <param name="request">The call.</param>
    /// <param name="fields">What was received.</param>
    /// <param name="slab">Where it lies.</param>
    /// <param name="offset">From where on.</param>
    /// <param name="mistake">Why the call can't be submitted; null where it can.</param>
    /// <returns>How such a call is refused.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static ReplyStatus Fill(NodeRequest request, in ClientRequestFields fields, PayloadSlab slab, int offset, out string? mistake)
    {
        request.Kind = (RequestKind)Math.Min(fields.Kind, byte.MaxValue);
        request.Machine = MachineNames.Get(fields.Machine);
        request.Session = fields.Session;
        request.Sequence = fields.Sequence;
        request.AcknowledgedUpTo = fields.AcknowledgedUpTo;
        request.IdempotencyKey = fields.IdempotencyKey.IsEmpty ? default : fields.IdempotencyKey.ToArray();
        request.InPages = fields.InPages != 0;
        request.Cursor = fields.Cursor;
        request.Page = Number(fields.Page);
        request.Payload = new Payload(slab, offset + fields.PayloadOffset, fields.PayloadLength);
        request.Payload.Retain();
        mistake = Enum.IsDefined(request.Kind) ? null : $"This node knows no call of kind {fields.Kind}.";
        if (mistake is not null)
            return ReplyStatus.InvalidCommand;
        var session = new SessionToken(Number(fields.SessionGroup), Number(fields.SessionEpoch), fields.SessionIndex);
        bool isValid = ReadConsistency.TryCreate(fields.Consistency, fields.MaxStalenessMs, session, out ReadConsistency consistency, out mistake);
        request.Consistency = consistency;
        return isValid ? ReplyStatus.Ok : ReplyStatus.InvalidConsistency;
    }

    /// <summary>Whoever sends more than the field holds gets a group, an epoch or a page that there is none of.</summary>
    private static uint Number(ulong sent) => (uint)Math.Min(sent, uint.MaxValue);
}
