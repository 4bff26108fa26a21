using System.Runtime.InteropServices;

namespace ReplicatedState.Serialization;

/// <summary>Compares keys that a caller chose: by value, with a hash that is seeded for each process.</summary>
/// <remarks>
/// The default hash code of an integer is the integer, so that a caller can send thousands of keys for one bucket and make
/// a replica's decoder quadratic. Only for types that are equal exactly when their bytes are. Strings have their own defence.
/// </remarks>
public static class UntrustedComparer
{
    /// <summary>The comparer of a type.</summary>
    /// <typeparam name="T">An integer, an enum, or a type that is one in all but name, such as <see cref="Guid"/>.</typeparam>
    public static IEqualityComparer<T> For<T>()
        where T : unmanaged => Seeded<T>.Instance;

    private sealed class Seeded<T> : EqualityComparer<T>
        where T : unmanaged
    {
        public static readonly Seeded<T> Instance = new();

        public override bool Equals(T x, T y) => Default.Equals(x, y);

        public override int GetHashCode(T obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in obj)));
            return hash.ToHashCode();
        }
    }
}
