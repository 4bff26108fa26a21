using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>An enum: the name of a member, several of them where they are flags, and a number where it has no name.</summary>
internal sealed class EnumType<T>(bool isFlags, (string Name, T Value)[] members) : ScalarType
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private const int ShownMax = 12;
    private readonly Dictionary<string, T> _exactly = members.ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
    private readonly ILookup<string, T> _anyCase = members.ToLookup(static member => member.Name, static member => member.Value, StringComparer.OrdinalIgnoreCase);

    internal override string Expected { get; } =
        $"{(isFlags ? "one or several" : "one")} of {string.Join(", ", members.Take(ShownMax).Select(static member => $"\"{member.Name}\""))}{(members.Length > ShownMax ? ", …" : "")} or a number from {T.MinValue} to {T.MaxValue}";

    internal override void Encode(JsonElement json, ref MessagePackWriter writer, JsonScope scope)
    {
        string? text = json.ValueKind == JsonValueKind.Number ? json.GetRawText() : null;
        if ((text is null && (json.ValueKind != JsonValueKind.String || !JsonText.TryRead(json, out text))) || !TryEncode(text, ref writer))
            throw scope.Mismatch(Expected, json);
    }

    public override bool TryEncode(string text, ref MessagePackWriter writer)
    {
        if (!TryParse(text, out T value))
            return false;
        if (T.IsNegative(T.MinValue))
            writer.Write(long.CreateTruncating(value));
        else
            writer.Write(ulong.CreateTruncating(value));
        return true;
    }

    internal override void Decode(ref MessagePackReader reader, Utf8JsonWriter json, JsonScope scope)
    {
        T value = Read(ref reader);
        if (NameOf(value) is { } name)
            json.WriteStringValue(name);
        else
            json.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture), skipInputValidation: true);
    }

    public override string DecodeText(ref MessagePackReader reader)
    {
        T value = Read(ref reader);
        return NameOf(value) ?? value.ToString(null, CultureInfo.InvariantCulture);
    }

    private static T Read(ref MessagePackReader reader) =>
        T.IsNegative(T.MinValue) ? T.CreateChecked(reader.ReadInt64()) : T.CreateChecked(reader.ReadUInt64());

    private bool TryParse(string text, out T value)
    {
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) || TryFind(text, out value))
            return true;
        if (!isFlags)
            return false;
        value = T.Zero;
        foreach (Range part in text.AsSpan().Split(','))
        {
            if (!TryFind(text.AsSpan(part).Trim().ToString(), out T flag))
                return false;
            value |= flag;
        }

        return true;
    }

    private bool TryFind(string name, out T value)
    {
        if (_exactly.TryGetValue(name, out value))
            return true;
        T[] similar = [.. _anyCase[name].Distinct()];
        value = similar.FirstOrDefault();
        return similar.Length == 1;
    }

    private string? NameOf(T value)
    {
        foreach ((string name, T known) in members)
        {
            if (known == value)
                return name;
        }

        return isFlags && value != T.Zero ? NamesOf(value) : null;
    }

    /// <summary>The fewest large flags that make up the value, from the smallest on; null where a bit of it has no name.</summary>
    private string? NamesOf(T value)
    {
        var names = new List<string>();
        foreach ((string name, T flag) in members.OrderByDescending(static member => ulong.CreateTruncating(member.Value)))
        {
            if (flag == T.Zero || (value & flag) != flag)
                continue;
            names.Insert(0, name);
            value &= ~flag;
        }

        return value == T.Zero ? string.Join(", ", names) : null;
    }
}
