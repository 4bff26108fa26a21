namespace ReplicatedState.Client.Wire;

/// <summary>The fields of a received <c>ClientRequest</c>, as slices of the message's bytes.</summary>
internal ref struct ClientRequestFields
{
    public ulong Id;
    public ulong Kind;
    public ReadOnlySpan<byte> Machine;
    public ulong Session;
    public ulong Sequence;
    public ulong AcknowledgedUpTo;
    public ReadOnlySpan<byte> IdempotencyKey;
    public ulong Consistency;

    /// <summary>Where the payload begins in the bytes that were parsed.</summary>
    public int PayloadOffset;
    public int PayloadLength;
    public ulong TimeoutMs;
    public ulong MaxStalenessMs;
    public ulong SessionGroup;
    public ulong SessionEpoch;
    public ulong SessionIndex;
    public ulong InPages;
    public ulong Cursor;
    public ulong Page;

    /// <summary>Takes a message apart. A field that comes twice counts as its last, an unknown one is passed over.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static ClientRequestFields Parse(ReadOnlySpan<byte> message)
    {
        var fields = default(ClientRequestFields);
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out int number))
        {
            switch (number)
            {
                case 1:
                    fields.Id = reader.Number();
                    break;
                case 2:
                    fields.Kind = reader.Number();
                    break;
                case 3:
                    fields.Machine = reader.Bytes();
                    break;
                case 4:
                    fields.Session = reader.Number();
                    break;
                case 5:
                    fields.Sequence = reader.Number();
                    break;
                case 6:
                    fields.AcknowledgedUpTo = reader.Number();
                    break;
                case 7:
                    fields.IdempotencyKey = reader.Bytes();
                    break;
                case 8:
                    fields.Consistency = reader.Number();
                    break;
                case 9:
                    fields.PayloadLength = reader.Bytes().Length;
                    fields.PayloadOffset = reader.Position - fields.PayloadLength;
                    break;
                case 10:
                    fields.TimeoutMs = reader.Number();
                    break;
                case 11:
                    fields.MaxStalenessMs = reader.Number();
                    break;
                case 12:
                    fields.SessionGroup = reader.Number();
                    break;
                case 13:
                    fields.SessionEpoch = reader.Number();
                    break;
                case 14:
                    fields.SessionIndex = reader.Number();
                    break;
                case 15:
                    fields.InPages = reader.Number();
                    break;
                case 16:
                    fields.Cursor = reader.Number();
                    break;
                case 17:
                    fields.Page = reader.Number();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return fields;
    }
}
