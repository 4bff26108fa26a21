using System.Text;
using MessagePack;

namespace ReplicatedState.Serialization;

/// <summary>The rules of objects that are encoded as maps by the names of their members.</summary>
public static class NamedFormat
{
    /// <summary>Reads the name of the next member.</summary>
    public static ReadOnlySpan<byte> ReadName(ref MessagePackReader reader)
    {
        if (reader.TryReadStringSpan(out ReadOnlySpan<byte> name))
            return name;
        return Encoding.UTF8.GetBytes(reader.ReadString() ?? throw new MessagePackSerializationException("nil stands where the name of a member is required"));
    }

    /// <summary>Refuses a member that comes twice.</summary>
    public static void RequireFirst(ref bool seen, string type, string member)
    {
        if (seen)
            throw new MessagePackSerializationException($"{type} has the member '{member}' twice");
        seen = true;
    }

    /// <summary>Refuses an object without a member that it can't do without.</summary>
    public static void RequireMember(bool seen, string type, string member)
    {
        if (!seen)
            throw new MessagePackSerializationException($"{type} lacks the member '{member}'");
    }

    /// <summary>Passes over a member that a newer version added, where that loses nothing, and refuses it elsewhere.</summary>
    public static void PassOver(ref MessagePackReader reader, string type, scoped ReadOnlySpan<byte> name, DecodeOrigin origin)
    {
        if (origin is DecodeOrigin.Command or DecodeOrigin.Snapshot)
            throw new MessagePackSerializationException($"{type} has the member '{Encoding.UTF8.GetString(name)}', which this version doesn't know");
        ValueFormat.Skip(ref reader);
    }
}
