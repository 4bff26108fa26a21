using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>The members of an object, or the parameters of a call: which of them JSON gives, and what stands for the others.</summary>
internal sealed class JsonMembers
{
    private readonly JsonMember[] _members;
    private readonly Dictionary<string, int> _exactly = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _anyCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _kind;

    /// <summary>Members with the words that errors name one with, such as "a member of Transfer".</summary>
    public JsonMembers(JsonMember[] members, string kind)
    {
        _kind = kind;

        // Names that differ in their case alone stay as they are in C#, and are told apart by it.
        HashSet<string> ambiguous = members.Where(static member => !member.IsHole).GroupBy(static member => member.Name, StringComparer.OrdinalIgnoreCase)
            .Where(static group => group.Count() > 1).Select(static group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _members = [.. members.Select(member => ambiguous.Contains(member.Name) ? new JsonMember(member.Key, member.Use, member.Default, member.MayBeLeftOut) { Name = member.Key } : member)];
        for (int i = 0; i < _members.Length; i++)
        {
            JsonMember member = _members[i];
            if (member.IsHole)
                continue;
            _exactly.Add(member.Name, i);
            if (!ambiguous.Contains(member.Name))
                _anyCase.Add(member.Name, i);
        }
    }

    public int Count => _members.Length;

    public JsonMember this[int index] => _members[index];

    public IReadOnlyList<JsonMember> All => _members;

    /// <summary>Whether some member has one of the names in JSON.</summary>
    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_exactly.ContainsKey(name))
                return true;
        }

        return false;
    }

    /// <summary>Finds what JSON gives for each member; an undefined element where it gives nothing.</summary>
    /// <param name="json">An object, or an undefined element for an empty one.</param>
    /// <param name="scope">The passage.</param>
    /// <param name="besides">A name that stands in the object once and isn't a member's.</param>
    public JsonElement[] Match(JsonElement json, JsonScope scope, string? besides = null)
    {
        var given = new JsonElement[_members.Length];
        if (json.ValueKind == JsonValueKind.Undefined)
            return given;
        bool hasOther = false;
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!JsonText.TryReadName(property, out string? name))
                throw scope.Refusal("has a name that is no Unicode");
            if (name == besides && !hasOther)
            {
                hasOther = true;
                continue;
            }

            if (!_exactly.TryGetValue(name, out int index) && !_anyCase.TryGetValue(name, out index))
                throw scope.Refusal(name == besides ? $"has '{name}' twice" : $"has '{JsonPath.Shorten(name)}', which is not {_kind}{Nearest(name)}");
            if (given[index].ValueKind != JsonValueKind.Undefined)
                throw scope.Refusal($"has '{_members[index].Name}' twice");
            given[index] = property.Value;
        }

        return given;
    }

    /// <summary>How many members an array of them has to hold: those behind the last one that is given, and that may be left out, are.</summary>
    public int CountOf(JsonElement[] given)
    {
        int count = _members.Length;
        while (count > 0 && IsLeftOut(given, count - 1))
            count--;
        return count;
    }

    /// <summary>Whether a member isn't given, and the encoding can do without it.</summary>
    public bool IsLeftOut(JsonElement[] given, int index) =>
        given[index].ValueKind == JsonValueKind.Undefined && _members[index].MayBeLeftOut;

    /// <summary>Writes one member: what is given, or its default.</summary>
    public void Encode(int index, JsonElement[] given, ref MessagePackWriter writer, JsonScope scope)
    {
        JsonMember member = _members[index];
        if (member.IsHole)
            writer.WriteNil();
        else if (given[index].ValueKind != JsonValueKind.Undefined)
            scope.Encode(member.Name, member.Use, given[index], ref writer);
        else if (member.Default is { } write)
            write(ref writer);
        else if (member.MayBeLeftOut)
            throw scope.Refusal($"lacks '{member.Name}', which can only be left out where nothing behind it is given");
        else if (scope.MayBeLacking(member.Use))
            writer.WriteNil();
        else
            throw scope.Refusal($"lacks '{member.Name}', {scope[member.Use].Expected}");
    }

    private string Nearest(string name) => NearestName.Of(name, _exactly.Keys) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
}
