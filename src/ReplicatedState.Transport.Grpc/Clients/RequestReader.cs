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
    /// <returns>Null, or why the call can't be submitted.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static string? Fill(NodeRequest request, in ClientRequestFields fields, PayloadSlab slab, int offset)
    {
        request.Kind = (RequestKind)Math.Min(fields.Kind, byte.MaxValue);
        request.Machine = MachineNames.Get(fields.Machine);
        request.Session = fields.Session;
        request.Sequence = fields.Sequence;
        request.AcknowledgedUpTo = fields.AcknowledgedUpTo;
        request.IdempotencyKey = fields.IdempotencyKey.IsEmpty ? default : fields.IdempotencyKey.ToArray();
        request.Consistency = (ReadConsistency)Math.Min(fields.Consistency, int.MaxValue);
        request.Payload = new Payload(slab, offset + fields.PayloadOffset, fields.PayloadLength);
        request.Payload.Retain();
        if (!Enum.IsDefined(request.Kind))
            return $"This node knows no call of kind {fields.Kind}.";
        if (!Enum.IsDefined(request.Consistency))
            return $"This node knows no consistency {fields.Consistency}.";
        return null;
    }
}
