using ZoneTree.AbstractFileStream;

namespace ReplicatedState.Storage.ZoneTree;

/// <summary>What the three kinds of files have in common: ZoneTree reads and writes at a position, as on a stream.</summary>
internal abstract class DiskFileStream(string path) : Stream, IFileStream
{
    private bool _closed;

    public string FilePath => path;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int read = ReadAt(Position, buffer);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public int ReadFaster(byte[] buffer, int offset, int count)
    {
        ReadExactly(buffer, offset, count);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        WriteAt(Position, buffer);
        Position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush() => Flush(flushToDisk: false);

    /// <summary>Hands what was written to the disk; <paramref name="flushToDisk"/> waits until it is durable.</summary>
    public abstract void Flush(bool flushToDisk);

    public Stream ToStream() => this;

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            CloseFile();
        }

        base.Dispose(disposing);
    }

    /// <summary>Hands over what is left, unless the store has failed, and closes the file. Called once.</summary>
    protected abstract void CloseFile();

    protected abstract int ReadAt(long position, Span<byte> into);

    protected abstract void WriteAt(long position, ReadOnlySpan<byte> bytes);
}
