using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>How a snapshot says by which comparer a collection inside of the state looks up or sorts its text.</summary>
/// <remarks>
/// Nothing is said of the default comparer. Another one stands around the collection: a map is <c>[number, map]</c> then, and an array
/// <c>{number: array}</c>. A comparer of the user's is code, which no snapshot can carry: it is refused when the snapshot is written, and not
/// only when that one is needed. The comparer of a state member itself is that of its initializer.
/// </remarks>
public static class ComparerFormat
{
    private const byte Ordinal = 1;
    private const byte OrdinalIgnoreCase = 2;

    /// <summary>Writes what has to stand before a collection that compares for equality.</summary>
    /// <exception cref="NotSupportedException">The comparer is none that a snapshot can name.</exception>
    public static void Write(ref MessagePackWriter writer, IEqualityComparer<string> comparer, bool isMap)
    {
        if (!IsDefault(comparer) && !StringComparer.Ordinal.Equals(comparer))
            Write(ref writer, NumberOf(comparer), isMap);
    }

    /// <summary>Writes what has to stand before a collection that is sorted.</summary>
    /// <exception cref="NotSupportedException">The comparer is none that a snapshot can name.</exception>
    public static void Write(ref MessagePackWriter writer, IComparer<string> comparer, bool isMap)
    {
        if (!IsDefault(comparer))
            Write(ref writer, NumberOf(comparer), isMap);
    }

    /// <summary>Reads it, and leaves the reader at the collection.</summary>
    /// <returns>The comparer, or null for the default one.</returns>
    public static StringComparer? Read(ref MessagePackReader reader, bool isMap)
    {
        if (reader.NextMessagePackType != (isMap ? MessagePackType.Array : MessagePackType.Map))
            return null;
        int count = isMap ? reader.ReadArrayHeader() - 1 : reader.ReadMapHeader();
        if (count != 1)
            throw new MessagePackSerializationException("a collection stands in something that is no comparer");
        byte number = reader.ReadByte();
        return number switch
        {
            Ordinal => StringComparer.Ordinal,
            OrdinalIgnoreCase => StringComparer.OrdinalIgnoreCase,
            _ => throw new MessagePackSerializationException($"a collection has the comparer {number}, which this version doesn't know"),
        };
    }

    /// <summary>Refuses any but the default comparer, where the elements are no text.</summary>
    /// <exception cref="NotSupportedException">It is another one.</exception>
    public static void RequireDefault<T>(IEqualityComparer<T> comparer)
    {
        if (!IsDefault(comparer))
            throw Refusal(comparer);
    }

    /// <summary>Refuses any but the default order, where the elements are no text.</summary>
    /// <exception cref="NotSupportedException">It is another one.</exception>
    public static void RequireDefault<T>(IComparer<T> comparer)
    {
        if (!IsDefault(comparer))
            throw Refusal(comparer);
    }

    private static bool IsDefault<T>(IEqualityComparer<T> comparer) =>
        ReferenceEquals(comparer, EqualityComparer<T>.Default) || UntrustedComparer.IsSeeded(comparer) || comparer.Equals(EqualityComparer<T>.Default);

    private static bool IsDefault<T>(IComparer<T> comparer) => comparer.Equals(Comparer<T>.Default);

    private static void Write(ref MessagePackWriter writer, byte number, bool isMap)
    {
        if (isMap)
            writer.WriteArrayHeader(2);
        else
            writer.WriteMapHeader(1);
        writer.Write(number);
    }

    private static byte NumberOf(object comparer) =>
        StringComparer.Ordinal.Equals(comparer) ? Ordinal
        : StringComparer.OrdinalIgnoreCase.Equals(comparer) ? OrdinalIgnoreCase
        : throw Refusal(comparer);

    private static NotSupportedException Refusal(object comparer) => new(
        $"A collection inside of the state has the comparer {comparer.GetType()}, which no snapshot can carry. "
        + "Only a collection that is itself a [State] member, with an initializer that names the comparer, may have one of its own.");
}
