using System.Text.Json;
using MessagePack;

namespace ReplicatedState.Json;

/// <summary>Writes the value that a member has where JSON doesn't name it.</summary>
/// <param name="writer">Gets the value.</param>
public delegate void JsonDefault(ref MessagePackWriter writer);

/// <summary>One parameter of a call, or one member of an object.</summary>
public sealed class JsonMember
{
    /// <summary>Describes a parameter or member.</summary>
    /// <param name="name">Its name in C#, or the one that <c>[Key]</c> gives it; JSON has it in camel case.</param>
    /// <param name="use">Its type.</param>
    /// <param name="default">Writes its default; null where it has none that could be written.</param>
    /// <param name="mayBeLeftOut">Whether the encoding may end before it, or do without it where members are encoded by name.</param>
    public JsonMember(string name, JsonTypeUse use, JsonDefault? @default = null, bool mayBeLeftOut = false)
    {
        Key = name;
        Name = JsonNamingPolicy.CamelCase.ConvertName(name);
        Use = use;
        Default = @default;
        MayBeLeftOut = mayBeLeftOut;
    }

    /// <summary>Stands for a number between the keys of an object that no member has.</summary>
    public static JsonMember Hole { get; } = new("", new JsonTypeUse(-1, IsNullable: true));

    /// <summary>Its name in JSON.</summary>
    public string Name { get; internal init; }

    internal JsonTypeUse Use { get; }

    internal string Key { get; }

    internal JsonDefault? Default { get; }

    internal bool MayBeLeftOut { get; }

    internal bool IsHole => Use.Type < 0;
}
