using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ReplicatedState.Serialization;

/// <summary>Compares keys that a caller chose: by value, with a hash that is seeded for each process.</summary>
/// <remarks>
/// The default hash code of an integer is the integer, so that a caller can send thousands of keys for one bucket and make
/// a replica's decoder quadratic. Strings have their own defence.
/// </remarks>
public static class UntrustedComparer
{
    /// <summary>The comparer of a type.</summary>
    /// <typeparam name="T">A number, an enum, or a type that is a number in all but name, such as <see cref="Guid"/> or <see cref="DateTime"/>.</typeparam>
    public static IEqualityComparer<T> For<T>()
        where T : struct => Seeded<T>.Instance;

    /// <summary>Whether a comparer is one of these, which compare like the default one.</summary>
    internal static bool IsSeeded(object comparer) => comparer is ISeeded;

    private interface ISeeded;

    private sealed class Seeded<T> : EqualityComparer<T>, ISeeded
        where T : struct
    {
        public static readonly Seeded<T> Instance = new();

        public override bool Equals(T x, T y) => Default.Equals(x, y);

        public override int GetHashCode(T obj)
        {
            // What is equal must have one hash code: values that can be equal with other bits are brought to one form first.
            switch (obj)
            {
                case double number:
                    return Hash(number == 0 ? 0 : double.IsNaN(number) ? double.NaN : number);
                case float number:
                    return Hash(number == 0 ? 0 : float.IsNaN(number) ? float.NaN : number);
                case Half number:
                    return Hash(number == Half.Zero ? Half.Zero : Half.IsNaN(number) ? Half.NaN : number);
                case decimal number:
                    return Hash(WithoutScale(number));
                case DateTime time:
                    return Hash(time.Ticks);
                case DateTimeOffset moment:
                    return Hash(moment.UtcTicks);
                case BigInteger number:
                    return Hash(number);
                default:
                    return Hash(obj);
            }
        }

        private static int Hash<TBits>(TBits bits)
            where TBits : struct => Hash(MemoryMarshal.AsBytes(new ReadOnlySpan<TBits>(in bits)));

        private static int Hash(BigInteger number)
        {
            int size = number.GetByteCount();
            byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
            number.TryWriteBytes(bytes, out _);
            int hash = Hash(bytes.AsSpan(0, size));
            ArrayPool<byte>.Shared.Return(bytes);
            return hash;
        }

        private static int Hash(ReadOnlySpan<byte> bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        /// <summary>1.0 and 1.00 are equal; so are 0 and −0.</summary>
        private static decimal WithoutScale(decimal number) => number == 0 ? 0 : number / 1.0000000000000000000000000000m;
    }
}
