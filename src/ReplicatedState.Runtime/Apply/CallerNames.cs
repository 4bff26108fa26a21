using System.IO.Hashing;
using System.Text;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Turns the callers in envelopes into strings, without making a new one for each command of the same caller.</summary>
internal sealed class CallerNames
{
    private const int SlotsCount = 64;
    private readonly Slot[] _slots = new Slot[SlotsCount];

    public string NameOf(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return CommandHeader.Anonymous;
        ref Slot slot = ref _slots[XxHash3.HashToUInt64(utf8) % SlotsCount];
        if (slot.Name is null || !utf8.SequenceEqual(slot.Utf8))
            slot = new Slot(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Name!;
    }

    private readonly record struct Slot(byte[] Utf8, string? Name);
}
