using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using ReplicatedState.Client.Wire;
using ReplicatedState.Consensus;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>The message <c>RequestBatch</c> of <c>client.proto</c> as it arrived: a chain of calls, taken off one by one.</summary>
internal sealed class CallBatch
{
    private StreamCall? _first;
    private StreamCall? _last;

    public static Marshaller<CallBatch> Marshaller { get; } = new((_, _) => throw new NotSupportedException("This side only receives."), Deserialize);

    /// <summary>Takes the next call off; false where none is left.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamCall? call)
    {
        call = _first;
        if (call is null)
            return false;
        _first = call.Next;
        call.Next = null;
        return true;
    }

    /// <summary>Releases what is left.</summary>
    public void Discard()
    {
        while (TryTake(out StreamCall? call))
            call.Discard();
    }

    private static CallBatch Deserialize(DeserializationContext context)
    {
        PayloadSlab slab = RequestReader.Copy(context.PayloadAsReadOnlySequence(), context.PayloadLength);
        var batch = new CallBatch();
        try
        {
            batch.Parse(slab, context.PayloadLength);
            return batch;
        }
        catch
        {
            batch.Discard();
            throw;
        }
        finally
        {
            slab.Release();
        }
    }

    private void Parse(PayloadSlab slab, int length)
    {
        var batch = new ProtoReader(slab.Bytes.AsSpan(0, length));
        while (batch.TryReadField(out int number))
        {
            if (number != ClientProtocol.BatchItem)
            {
                batch.Skip();
                continue;
            }

            ReadOnlySpan<byte> message = batch.Bytes();
            Append(StreamCall.Read(ClientRequestFields.Parse(message), slab, batch.Position - message.Length));
        }
    }

    private void Append(StreamCall call)
    {
        if (_last is null)
            _first = call;
        else
            _last.Next = call;
        _last = call;
    }
}
