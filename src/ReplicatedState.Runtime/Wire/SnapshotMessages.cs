using System.Collections.Immutable;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Storage;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Wire;

/// <summary>The pieces of a snapshot's transfer. The numbers are on the wire.</summary>
internal enum SnapshotMessageKind : byte
{
    /// <summary>Sender: this file is for you. Answered with how much of it is there already.</summary>
    Offer = 1,

    /// <summary>Sender: the bytes at an offset.</summary>
    Chunk = 2,

    /// <summary>Receiver: so much has arrived; go on from there. All of it: it is being checked.</summary>
    Progress = 3,

    /// <summary>Receiver: all of it has arrived, was checked and is durable.</summary>
    Done = 4,

    /// <summary>Receiver: it can't be taken, and why.</summary>
    Refused = 5,
}

/// <summary>One piece of a snapshot's transfer; names the file by group and position and the transfer by its number, so that no piece is taken for one of another.</summary>
/// <remarks>A chunk has no checksum of its own: each travels in a frame, which has a CRC32C over everything in it.</remarks>
internal readonly struct SnapshotMessage
{
    private const int Sha256Bytes = 32;

    public SnapshotMessageKind Kind { get; init; }

    public GroupId Group { get; init; }

    public LogPosition Position { get; init; }

    /// <summary>A number that the sender gives to a transfer and that all its messages and their answers carry.</summary>
    public ulong Transfer { get; init; }

    /// <summary>Offer: the term in which the sender leads the group.</summary>
    public ulong Term { get; init; }

    /// <summary>Offer: no chunk will be longer.</summary>
    public int ChunkBytes { get; init; }

    /// <summary>Offer: what the file says of itself: cluster, configuration, machine and its version.</summary>
    public SnapshotHeader? Header { get; init; }

    /// <summary>Offer: the size of the file. Chunk: its offset. Progress: what has arrived.</summary>
    public long Bytes { get; init; }

    /// <summary>Offer: the file's hash.</summary>
    public ImmutableArray<byte> Sha256 { get; init; }

    /// <summary>Chunk: the bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Refused: why.</summary>
    public string Reason { get; init; }

    /// <summary>Writes the message as the body of a frame.</summary>
    public void Write(FrameBuffer frame)
    {
        var writer = new WireWriter(frame);
        writer.Byte((byte)Kind);
        writer.Varint(Group.Value);
        writer.Varint(Position.Index);
        writer.Varint(Position.Term);
        writer.UInt64(Transfer);
        writer.Varint((ulong)Bytes);
        switch (Kind)
        {
            case SnapshotMessageKind.Offer:
                writer.Varint(Term);
                writer.Varint((ulong)ChunkBytes);
                writer.Raw(Sha256.AsSpan());
                writer.Bytes(SnapshotFormat.EncodeHeader(Header!).AsSpan(SnapshotFormat.PreambleBytes));
                break;
            case SnapshotMessageKind.Chunk:
                writer.Bytes(Content.Span);
                break;
            case SnapshotMessageKind.Refused:
                writer.Text(Reason);
                break;
        }
    }

    /// <summary>Reads a message; the content of a chunk is copied.</summary>
    /// <exception cref="WireFormatException">The bytes are no such message.</exception>
    public static SnapshotMessage Read(ref WireReader reader)
    {
        var kind = (SnapshotMessageKind)reader.Byte();
        if (kind is < SnapshotMessageKind.Offer or > SnapshotMessageKind.Refused)
            throw new WireFormatException($"There is no piece of a snapshot transfer of kind {(byte)kind}.");
        var group = new GroupId((uint)reader.Count(int.MaxValue, "The group's id"));
        var position = new LogPosition(reader.Varint(), reader.Varint());
        ulong transfer = reader.UInt64();
        ulong bytes = reader.Varint();
        if (bytes > long.MaxValue)
            throw new WireFormatException("A snapshot on the wire is larger than any file.");
        ImmutableArray<byte> sha256 = default;
        ReadOnlyMemory<byte> content = default;
        string reason = "";
        ulong term = 0;
        int chunkBytes = 0;
        SnapshotHeader? header = null;
        switch (kind)
        {
            case SnapshotMessageKind.Offer:
                term = reader.Varint();
                chunkBytes = reader.Count(int.MaxValue, "The length of a chunk");
                byte[] hash = new byte[Sha256Bytes];
                reader.CopyTo(hash);
                sha256 = ImmutableArray.Create(hash);
                header = ReadHeader(ref reader);
                break;
            case SnapshotMessageKind.Chunk:
                content = reader.Bytes(int.MaxValue, "The length of a chunk");
                break;
            case SnapshotMessageKind.Refused:
                reason = reader.Text("The reason");
                break;
        }

        if (!reader.End)
            throw new WireFormatException("A piece of a snapshot transfer is followed by unexpected bytes.");
        return new SnapshotMessage
        {
            Kind = kind,
            Group = group,
            Position = position,
            Transfer = transfer,
            Term = term,
            Bytes = (long)bytes,
            ChunkBytes = chunkBytes,
            Sha256 = sha256,
            Header = header,
            Content = content,
            Reason = reason,
        };
    }

    private static SnapshotHeader ReadHeader(ref WireReader reader)
    {
        try
        {
            return SnapshotFormat.DecodeHeader(reader.Bytes(SnapshotFormat.HeaderBytesMax, "The header of a snapshot"));
        }
        catch (FormatException malformed)
        {
            throw new WireFormatException($"The header of an offered snapshot can't be read: {malformed.Message}.");
        }
    }
}
