using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Consensus;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>The message <c>RequestBatch</c> of <c>client.proto</c> as it arrived: a chain of calls.</summary>
internal sealed class CallBatch(StreamCall? first)
{
    public static Marshaller<CallBatch> Marshaller { get; } = new((_, _) => throw new NotSupportedException("This side only receives."), Deserialize);

    /// <summary>The first call; each names the next.</summary>
    public StreamCall? First { get; } = first;

    private static CallBatch Deserialize(DeserializationContext context)
    {
        PayloadSlab slab = RequestReader.Copy(context.PayloadAsReadOnlySequence(), context.PayloadLength);
        try
        {
            return new CallBatch(Parse(slab, context.PayloadLength));
        }
        finally
        {
            slab.Release();
        }
    }

    private static StreamCall? Parse(PayloadSlab slab, int length)
    {
        StreamCall? first = null;
        StreamCall? last = null;
        var batch = new ProtoReader(slab.Bytes.AsSpan(0, length));
        while (batch.TryReadField(out int number))
        {
            if (number != ClientProtocol.BatchItem)
            {
                batch.Skip();
                continue;
            }

            ReadOnlySpan<byte> message = batch.Bytes();
            ClientRequestFields fields = ClientRequestFields.Parse(message);
            StreamCall call = StreamCall.Rent();
            call.Id = fields.Id;
            call.TimeoutMs = fields.TimeoutMs;
            call.Mistake = RequestReader.Fill(call, fields, slab, batch.Position - message.Length);
            if (last is null)
                first = call;
            else
                last.Next = call;
            last = call;
        }

        return first;
    }
}
