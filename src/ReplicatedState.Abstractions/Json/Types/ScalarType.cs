using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>A type whose values are text or stand for it, and so can be names of properties too.</summary>
internal abstract class ScalarType : JsonType
{
    /// <summary>Whether its text may hold half of a surrogate pair, which no name of a property can.</summary>
    public virtual bool MayHoldHalves => false;

    /// <summary>Writes what the text stands for; false where that is nothing.</summary>
    public abstract bool TryEncode(string text, ref MessagePackWriter writer);

    /// <summary>Reads a value as text.</summary>
    public abstract string DecodeText(ref MessagePackReader reader);
}

/// <summary>Writes a value.</summary>
internal delegate void ValueWriter<T>(ref MessagePackWriter writer, T value);

/// <summary>Reads text; false where it stands for no value.</summary>
internal delegate bool TextParser<T>(string text, out T value);
