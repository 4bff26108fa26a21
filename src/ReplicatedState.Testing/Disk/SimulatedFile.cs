using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Testing;

// The open files of the simulated disk. They end with the process that opened them.
public sealed partial class SimulatedDisk
{
    private sealed class SimulatedFile(SimulatedDisk disk, string path, SimulatedInode inode) : IStorageFile
    {
        private readonly long _life = disk._life;
        private bool _closed;

        public string Path => path;

        public long Length
        {
            get
            {
                lock (disk._gate)
                {
                    ThrowIfGone();
                    return inode.Length;
                }
            }
        }

        public int Read(long offset, Span<byte> into)
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                return inode.Read(offset, into);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                disk.BeginOperation("write", path);
                disk.CountWrite(path, inode, offset, bytes);
                inode.Write(disk.Direct(path, inode, offset), bytes);
            }
        }

        public void SetLength(long length)
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                if (length == inode.Length)
                    return;
                disk.BeginOperation("set the length of", path);
                inode.SetLength(length);
            }
        }

        public IMappedFile Map(int length)
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                inode.Map(length);
                return new MappedFile(this, length);
            }
        }

        public void SyncData()
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                disk.BeginOperation("sync", path);
                disk.CountSync(path, inode);
                inode.Sync();
            }
        }

        public void Dispose() => _closed = true;

        private void ThrowIfGone()
        {
            disk.ThrowIfOff();
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_life != disk._life)
                throw Failed("use the file", path, "the process that opened it is gone");
        }

        private sealed class MappedFile(SimulatedFile file, int length) : IMappedFile
        {
            private bool _unmapped;

            public Span<byte> Bytes => file.MappedBytes(length);

            public void Sync() => file.SyncData();

            public void Dispose()
            {
                if (_unmapped)
                    return;
                _unmapped = true;
                file.Unmap();
            }
        }

        private Span<byte> MappedBytes(int length)
        {
            lock (disk._gate)
            {
                ThrowIfGone();
                return inode.Mapped(length);
            }
        }

        private void Unmap()
        {
            lock (disk._gate)
            {
                if (_life == disk._life)
                    inode.Unmap();
            }
        }
    }
}
