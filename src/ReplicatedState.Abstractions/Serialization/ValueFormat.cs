using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The rules that all generated decoders of values share: nil, growing types, nesting, and how far a count is believed.</summary>
public static class ValueFormat
{
    /// <summary>How deeply values of a recursive type may be nested when they are read.</summary>
    public const int DepthMax = 500;

    /// <summary>The most elements that room is made for before any of them has been decoded.</summary>
    private const int TrustedCapacityMax = 4096;

    /// <summary>Refuses nil from a caller where the type says non-null; state and results pass as the machine produced them.</summary>
    public static T Required<T>(T? value, DecodeOrigin origin)
        where T : class
    {
        if (value is null && origin is DecodeOrigin.Command or DecodeOrigin.Query)
            throw new MessagePackSerializationException($"nil stands where a {typeof(T).Name} is required");
        return value!;
    }

    /// <summary>The capacity to begin with for a collection that claims <paramref name="count"/> elements.</summary>
    public static int Capacity(int count) => Math.Min(count, TrustedCapacityMax);

    /// <summary>An array for <paramref name="count"/> elements, or for the first of them: a claimed length is not believed before the elements have come.</summary>
    public static T[] NewArray<T>(int count) => count == 0 ? [] : new T[Capacity(count)];

    /// <summary>Makes room for more of an array's <paramref name="count"/> elements.</summary>
    public static void Grow<T>(ref T[] elements, int count) => Array.Resize(ref elements, (int)Math.Min(count, 2L * elements.Length));

    /// <summary>Refuses a header that holds fewer members than the type can't do without.</summary>
    public static int ReadMembersHeader(ref MessagePackReader reader, string type, int required)
    {
        int count = reader.ReadArrayHeader();
        if (count < required)
            throw new MessagePackSerializationException($"{type} has {count} members where at least {required} are required");
        return count;
    }

    /// <summary>Passes over members that a newer version added, where that loses nothing, and refuses them elsewhere.</summary>
    public static void EndMembers(ref MessagePackReader reader, string type, int count, int known, DecodeOrigin origin)
    {
        if (count <= known)
            return;
        if (origin is DecodeOrigin.Command or DecodeOrigin.Snapshot)
            throw new MessagePackSerializationException($"{type} has {count} members where this version knows {known}");
        for (int i = known; i < count; i++)
            Skip(ref reader);
    }

    /// <summary>Passes over one value of any kind, however deeply nested: its levels are counted, not descended into.</summary>
    public static void Skip(ref MessagePackReader reader)
    {
        for (long pending = 1; pending > 0; pending--)
        {
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.Array:
                    pending += reader.ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    pending += 2L * reader.ReadMapHeader();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>Reads the header of a tuple, whose length is part of its type.</summary>
    public static void ReadTupleHeader(ref MessagePackReader reader, int length)
    {
        int count = reader.ReadArrayHeader();
        if (count != length)
            throw new MessagePackSerializationException($"a tuple has {count} elements where {length} are required");
    }

    /// <summary>Goes one level down into a recursive type. The caller goes up again with <c>reader.Depth--</c>.</summary>
    public static void Descend(ref MessagePackReader reader)
    {
        if (reader.Depth >= DepthMax)
            throw new MessagePackSerializationException($"values are nested more than {DepthMax} deep");
        reader.Depth++;
    }

    /// <summary>Goes one level down into a recursive type that is written: what is too deep to be read again is refused before it is too late.</summary>
    /// <returns>The depth of what the value holds.</returns>
    /// <exception cref="NotSupportedException">Values are nested more than <see cref="DepthMax"/> deep.</exception>
    public static int Descend(int depth)
    {
        if (depth >= DepthMax)
            throw new NotSupportedException($"Values are nested more than {DepthMax} deep, and could not be read again.");
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        return depth + 1;
    }

    /// <summary>Refuses to encode an instance of a derived class, whose own members would be lost.</summary>
    /// <exception cref="NotSupportedException">The value's type is another one than declared.</exception>
    public static void RequireExactType(object value, Type declared)
    {
        if (value.GetType() != declared)
            throw new NotSupportedException($"A {value.GetType()} stands where exactly a {declared} is encoded; what it has beyond that would be lost.");
    }

    /// <summary>The refusal to encode a value whose type is no case of its union.</summary>
    public static NotSupportedException NoCase(object value, Type union) =>
        new($"A {value.GetType()} stands where a {union} is encoded, and is none of its [Union] cases.");

    /// <summary>The refusal of a case that this version of a union doesn't know.</summary>
    public static MessagePackSerializationException UnknownCase(int number, string union) =>
        new($"{union} has no case with the number {number}");

    /// <summary>Refuses a map that holds a key twice.</summary>
    public static void RequireCount(int actual, int claimed)
    {
        if (actual != claimed)
            throw new MessagePackSerializationException("a map holds a key twice");
    }

    /// <summary>Refuses a set that holds an element twice.</summary>
    /// <param name="added">What the set's Add method returned.</param>
    public static void RequireNew(bool added)
    {
        if (!added)
            throw new MessagePackSerializationException("a set holds an element twice");
    }
}
