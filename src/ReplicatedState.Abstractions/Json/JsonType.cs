using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>How the values of one type stand in JSON, and how in a machine's MessagePack. Made by generated code, which says of what a type consists by places in one table.</summary>
/// <remarks>Immutable, and safe to use from many threads. Values are never made: what JSON says is written as MessagePack, which the machine's own decoders then check in full.</remarks>
public abstract partial class JsonType
{
    private protected JsonType()
    {
    }

    /// <summary>What is expected where something else stands, as it goes behind "must be".</summary>
    internal abstract string Expected { get; }

    /// <summary>Whether the type has a null of its own, wherever it is used.</summary>
    internal virtual bool HasNull => false;

    /// <summary>Whether that null also stands for what isn't given.</summary>
    internal virtual bool MayBeLacking => false;

    /// <summary>Writes as MessagePack what stands in JSON.</summary>
    /// <exception cref="InvalidCommandException">It is no value of the type.</exception>
    internal abstract void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope);

    /// <summary>Writes as JSON what stands in MessagePack.</summary>
    internal abstract void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope);
}
