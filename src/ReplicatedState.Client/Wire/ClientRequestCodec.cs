namespace ReplicatedState.Client.Wire;

/// <summary>The protobuf message <c>ClientRequest</c> of <c>client.proto</c>.</summary>
internal static class ClientRequestCodec
{
    /// <summary>The most that a request adds to its payload: the other fields, with a machine name of 64 characters and a key of 64 bytes, and room for later ones.</summary>
    public const int OverheadMax = 1024;

    /// <summary>How many bytes the message takes.</summary>
    public static int Measure(ulong id, in ClientRequest request) =>
        ProtoWriter.SizeOfField(id)
        + ProtoWriter.SizeOfField((ulong)request.Kind)
        + ProtoWriter.SizeOfField(request.Machine)
        + ProtoWriter.SizeOfField(request.Session)
        + ProtoWriter.SizeOfField(request.Sequence)
        + ProtoWriter.SizeOfField(request.AcknowledgedUpTo)
        + ProtoWriter.SizeOfField(request.IdempotencyKey.Length)
        + ProtoWriter.SizeOfField((ulong)request.Consistency.Level)
        + ProtoWriter.SizeOfField(request.Payload.Length)
        + ProtoWriter.SizeOfField(TimeoutMs(request.Timeout))
        + ProtoWriter.SizeOfField((ulong)request.Consistency.MaxStalenessMs)
        + ProtoWriter.SizeOfField((ulong)request.Consistency.Token.Group)
        + ProtoWriter.SizeOfField((ulong)request.Consistency.Token.Epoch)
        + ProtoWriter.SizeOfField(request.Consistency.Token.Index)
        + ProtoWriter.SizeOfField(request.InPages ? 1UL : 0)
        + ProtoWriter.SizeOfHighField(request.Cursor)
        + ProtoWriter.SizeOfHighField(request.Page);

    /// <summary>Writes what <see cref="Measure"/> measured.</summary>
    public static void Write(ref ProtoWriter writer, ulong id, in ClientRequest request)
    {
        writer.Field(1, id);
        writer.Field(2, (ulong)request.Kind);
        writer.Field(3, request.Machine);
        writer.Field(4, request.Session);
        writer.Field(5, request.Sequence);
        writer.Field(6, request.AcknowledgedUpTo);
        writer.Field(7, request.IdempotencyKey.Span);
        writer.Field(8, (ulong)request.Consistency.Level);
        writer.Field(9, request.Payload.Span);
        writer.Field(10, TimeoutMs(request.Timeout));
        writer.Field(11, (ulong)request.Consistency.MaxStalenessMs);
        writer.Field(12, request.Consistency.Token.Group);
        writer.Field(13, request.Consistency.Token.Epoch);
        writer.Field(14, request.Consistency.Token.Index);
        writer.Field(15, request.InPages ? 1UL : 0);
        writer.Field(16, request.Cursor);
        writer.Field(17, request.Page);
    }

    private static ulong TimeoutMs(TimeSpan timeout) =>
        timeout <= TimeSpan.Zero ? 0 : (ulong)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 1, uint.MaxValue);
}
