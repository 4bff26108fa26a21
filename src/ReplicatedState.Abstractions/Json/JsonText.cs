using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ReplicatedState.Json;

/// <summary>Text as JSON has it, halves of surrogate pairs included: they stand escaped, <c>"\ud83d"</c>, as JavaScript writes and reads them.</summary>
internal static class JsonText
{
    /// <summary>Reads text; false where the document's UTF-8 is damaged there.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair that stands alone, which GetString refuses; or bytes that are no UTF-8.
            return TryUnescape(json, out text);
        }
    }

    /// <summary>Reads a property's name, under the same conditions.</summary>
    public static bool TryReadName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    /// <summary>Finds a property by its exact name; the last one, where there are several.</summary>
    public static bool TryFind(JsonElement json, string name, out JsonElement value)
    {
        value = default;
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (TryReadName(property, out string? found) && found == name)
                value = property.Value;
        }

        return value.ValueKind != JsonValueKind.Undefined;
    }

    /// <summary>Writes text.</summary>
    public static void Write(Utf8JsonWriter json, string text)
    {
        if (IsUnicode(text))
            json.WriteStringValue(text);
        else
            json.WriteRawValue(Escape(text), skipInputValidation: true);
    }

    /// <summary>Whether every surrogate has its other half.</summary>
    public static bool IsUnicode(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
            rest = rest[(at + 2)..];
        }

        return true;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder("\"");
        foreach (char unit in text)
        {
            if (char.IsAsciiLetterOrDigit(unit) || unit == ' ')
                escaped.Append(unit);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return escaped.Append('"').ToString();
    }

    private static bool TryUnescape(JsonElement json, [NotNullWhen(true)] out string? text)
    {
        text = null;
        string raw;
        try
        {
            raw = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(json));
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        var units = new StringBuilder(raw.Length);
        for (int i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                units.Append(raw[i]);
                continue;
            }

            char kind = raw[++i];
            units.Append(kind switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                _ => kind,
            });
            if (kind == 'u')
                i += 4;
        }

        text = units.ToString();
        return true;
    }
}
