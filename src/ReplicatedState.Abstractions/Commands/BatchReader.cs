using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Batches;

/// <summary>Takes a batch apart, command by command.</summary>
internal ref struct BatchReader
{
    private readonly ReadOnlyMemory<byte> _batch;
    private MessagePackReader _reader;
    private int _left;

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidCommandException">It isn't that of a batch.</exception>
    public BatchReader(ReadOnlyMemory<byte> batch)
    {
        _batch = batch;
        _reader = new MessagePackReader(batch);
        Count = _left = BatchFormat.ReadHeader(ref _reader);
    }

    /// <summary>How many commands there are.</summary>
    public int Count { get; }

    /// <summary>The next command; false behind the last.</summary>
    /// <exception cref="InvalidCommandException">The bytes end early, or go on behind the last.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> command)
    {
        command = default;
        if (_left == 0)
            return _reader.End ? false : throw new InvalidCommandException("Bytes follow the batch.");
        try
        {
            int start = (int)_reader.Consumed;
            ValueFormat.Skip(ref _reader);
            command = _batch[start..(int)_reader.Consumed];
            _left--;
            return true;
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw new InvalidCommandException($"Command {Count - _left + 1} of the batch can't be read: {error.Message}", error);
        }
    }
}
