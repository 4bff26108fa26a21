using System.Text;

namespace ReplicatedState.Client.Wire;

/// <summary>The protobuf message <c>ClientReply</c> of <c>client.proto</c>, as slices of whatever it was read from or will be written from.</summary>
internal ref struct ClientReplyFields
{
    public ulong Id;
    public ulong Status;
    public ReadOnlySpan<byte> Body;
    public ulong Index;
    public ulong Term;
    public ReadOnlySpan<byte> Code;
    public ReadOnlySpan<byte> Message;
    public ReadOnlySpan<byte> LeaderName;
    public ReadOnlySpan<byte> LeaderAddress;
    public ulong Group;
    public ulong Epoch;
    public ulong Cursor;

    /// <summary>Takes a message apart. A field that comes twice counts as its last, an unknown one is passed over.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static ClientReplyFields Parse(ReadOnlySpan<byte> message)
    {
        var fields = default(ClientReplyFields);
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out int number))
        {
            switch (number)
            {
                case 1:
                    fields.Id = reader.Number();
                    break;
                case 2:
                    fields.Status = reader.Number();
                    break;
                case 3:
                    fields.Body = reader.Bytes();
                    break;
                case 4:
                    fields.Index = reader.Number();
                    break;
                case 5:
                    fields.Term = reader.Number();
                    break;
                case 6:
                    fields.Code = reader.Bytes();
                    break;
                case 7:
                    fields.Message = reader.Bytes();
                    break;
                case 8:
                    fields.LeaderName = reader.Bytes();
                    break;
                case 9:
                    fields.LeaderAddress = reader.Bytes();
                    break;
                case 10:
                    fields.Group = reader.Number();
                    break;
                case 11:
                    fields.Epoch = reader.Number();
                    break;
                case 12:
                    fields.Cursor = reader.Number();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return fields;
    }

    /// <summary>The reply as the client's code sees it, with the body copied into pooled memory.</summary>
    public readonly EndpointReply ToReply() => new()
    {
        Delivery = Delivery.Answered,
        Status = (ReplyStatus)Math.Min(Status, byte.MaxValue),
        Body = Body.IsEmpty ? default : ReplyBuffer.Copy(Body),
        Index = Index,
        Term = Term,
        Code = Text(Code),
        Message = Text(Message),
        LeaderName = Text(LeaderName),
        LeaderAddress = Text(LeaderAddress),
        Group = (uint)Group,
        Epoch = (uint)Epoch,
        Cursor = Cursor,
    };

    private static string? Text(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8);
}
