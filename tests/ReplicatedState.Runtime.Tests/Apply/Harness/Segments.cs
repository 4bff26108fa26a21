using System.Buffers;

namespace ReplicatedState.Runtime.Tests.Apply.Harness;

/// <summary>Bytes in many small pieces, as a transport hands them over.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(byte[] bytes, int sizeOfEach)
    {
        var first = new Segments { Memory = bytes.AsMemory(0, Math.Min(sizeOfEach, bytes.Length)) };
        Segments last = first;
        for (int at = sizeOfEach; at < bytes.Length; at += sizeOfEach)
        {
            var next = new Segments { Memory = bytes.AsMemory(at, Math.Min(sizeOfEach, bytes.Length - at)), RunningIndex = at };
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
