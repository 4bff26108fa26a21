using System.Buffers;
using System.IO.Hashing;

namespace ReplicatedState.Runtime.Apply;

/// <summary>A buffer writer that keeps nothing but the hash of what went through it: hashes by the code that writes snapshots, without their memory.</summary>
internal sealed class HashingWriter : IBufferWriter<byte>
{
    private readonly XxHash128 _hash = new();
    private byte[] _room = new byte[4096];

    public UInt128 Hash => _hash.GetCurrentHashAsUInt128();

    public void Advance(int count) => _hash.Append(_room.AsSpan(0, count));

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _room.Length)
            _room = new byte[sizeHint];
        return _room;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
