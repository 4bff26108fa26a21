using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace ReplicatedState.Client.Wire;

/// <summary>Writes protobuf fields into a span that was measured before. Default values are left out, as proto3 does.</summary>
/// <remarks>Written by hand for the few messages of the hot path: no message object, no copy of a payload, no reflection.</remarks>
internal ref struct ProtoWriter(Span<byte> into)
{
    private readonly Span<byte> _into = into;
    private int _position;

    /// <summary>Bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>How many bytes a number takes.</summary>
    public static int SizeOf(ulong value) => (((63 - BitOperations.LeadingZeroCount(value | 1)) * 9) + 73) / 64;

    /// <summary>How many bytes a number field takes; fields up to 15.</summary>
    public static int SizeOfField(ulong value) => value == 0 ? 0 : 1 + SizeOf(value);

    /// <summary>How many bytes a number field takes; fields 16 to 2047.</summary>
    public static int SizeOfHighField(ulong value) => value == 0 ? 0 : 2 + SizeOf(value);

    /// <summary>How many bytes a bytes or string field of that length takes; fields up to 15.</summary>
    public static int SizeOfField(int length) => length == 0 ? 0 : SizeOfFrame(length);

    /// <summary>How many bytes a string field takes; fields up to 15.</summary>
    public static int SizeOfField(string? text) => string.IsNullOrEmpty(text) ? 0 : SizeOfFrame(Encoding.UTF8.GetByteCount(text));

    /// <summary>How many bytes a nested message of that length takes with its tag, also an empty one; fields up to 15.</summary>
    public static int SizeOfFrame(int length) => 1 + SizeOf((ulong)length) + length;

    /// <summary>A number, unless it is 0.</summary>
    public void Field(int number, ulong value)
    {
        if (value == 0)
            return;
        Varint((ulong)number << 3);
        Varint(value);
    }

    /// <summary>Bytes, unless there are none.</summary>
    public void Field(int number, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Frame(number, bytes.Length);
        bytes.CopyTo(_into[_position..]);
        _position += bytes.Length;
    }

    /// <summary>A string, unless it is null or empty. Lone surrogates become U+FFFD.</summary>
    public void Field(int number, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        Frame(number, Encoding.UTF8.GetByteCount(text));
        Utf8.FromUtf16(text, _into[_position..], out _, out int written);
        _position += written;
    }

    /// <summary>The tag and length of a nested message or bytes field, whose content follows.</summary>
    public void Frame(int number, int length)
    {
        _into[_position++] = (byte)((number << 3) | 2);
        Varint((ulong)length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _into[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _into[_position++] = (byte)value;
    }
}
