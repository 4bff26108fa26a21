using System.Text;
using System.Text.Json;
using MessagePack;
using ReplicatedState.Serialization;

namespace ReplicatedState.Json;

/// <summary>A record, struct or class: an object of its members, whether MessagePack has them in an array or by name.</summary>
internal sealed class ObjectType(string name, bool isNamed, bool isRecursive, JsonMember[] members) : JsonType
{
    private readonly JsonMembers _members = new(members, $"a member of {name}");
    private readonly Dictionary<string, int> _byKey = isNamed ? members.Select(static (member, i) => (member.Key, i)).ToDictionary(StringComparer.Ordinal) : [];

    internal override string Expected => $"an object, {name}";

    /// <summary>Whether a member has one of these names in JSON.</summary>
    public bool Has(params ReadOnlySpan<string> names) => _members.Has(names);

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope) => Encode(json, ref writer, scope, besides: null);

    /// <summary>Writes the members of an object that has a further name beside them.</summary>
    public void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope, string? besides)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw scope.Mismatch(Expected, json);
        if (isRecursive)
            scope.DescendToEncode();
        JsonElement[] given = _members.Match(json, scope, besides);
        if (isNamed)
            EncodeByName(given, ref writer, scope);
        else
            EncodeInOrder(given, ref writer, scope);
        if (isRecursive)
            scope.Ascend();
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        JsonScope.Begin(json, isArray: false);
        DecodeMembers(ref reader, json, scope);
        json.WriteEndObject();
    }

    /// <summary>Writes the members into an object that has begun. Those that a newer version added are passed over, and those that an older one lacks are left out.</summary>
    public void DecodeMembers(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        if (isRecursive)
            scope.DescendToDecode();
        int count = isNamed ? reader.ReadMapHeader() : reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            int index = isNamed ? _byKey.GetValueOrDefault(Encoding.UTF8.GetString(NamedFormat.ReadName(ref reader)), -1) : i;
            if (index < 0 || index >= _members.Count || _members[index].IsHole)
            {
                ValueFormat.Skip(ref reader);
                continue;
            }

            json.WritePropertyName(_members[index].Name);
            scope.Decode(_members[index].Use, ref reader, json);
        }

        if (isRecursive)
            scope.Ascend();
    }

    private void EncodeInOrder(JsonElement[] given, ref MessagePackWriter writer, JsonScope scope)
    {
        int count = _members.CountOf(given);
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
            _members.Encode(i, given, ref writer, scope);
    }

    private void EncodeByName(JsonElement[] given, ref MessagePackWriter writer, JsonScope scope)
    {
        int[] written = [.. Enumerable.Range(0, _members.Count).Where(index => !_members.IsLeftOut(given, index))];
        writer.WriteMapHeader(written.Length);
        foreach (int index in written)
        {
            writer.Write(_members[index].Key);
            _members.Encode(index, given, ref writer, scope);
        }
    }
}
