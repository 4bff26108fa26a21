using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>How emitted code writes, reads and hashes a value of a type: in place for scalars, by a codec method for the rest.</summary>
internal sealed class CodecCalls(MachineModel machine, string within = "", bool countsDepth = false)
{
    private const string Hashing = "StateHashing";

    public TypeModel this[TypeUse use] => machine.Types[use.Type];

    /// <summary>The same from inside an emitted class, whose own methods need no qualification.</summary>
    public CodecCalls Within(string emittedClass) => new(machine, emittedClass);

    /// <summary>The same from inside a method that writes a type: where it counts levels, so do those that it calls.</summary>
    public CodecCalls Writing(TypeModel type) => new(machine, within, type.CountsDepth);

    /// <summary>Whether reading such a value asks where the bytes come from.</summary>
    public bool AsksOrigin(TypeUse use) => this[use].DependsOnOrigin || (this[use].IsReference && !use.IsNullable);

    /// <summary>The type of a local variable that holds such a value.</summary>
    public string TypeName(TypeUse use) => this[use].TypeName + (use.IsNullable ? "?" : "");

    /// <summary>A statement that writes <paramref name="value"/> with the MessagePackWriter of the given name.</summary>
    /// <param name="use">The type.</param>
    /// <param name="value">An expression for the value.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="isMember">Whether it is a state member whose comparer doesn't come from the snapshot.</param>
    public string Write(TypeUse use, string value, string writer = "writer", bool isMember = false)
    {
        TypeModel type = this[use];
        return type.Shape switch
        {
            TypeShape.Scalar when type.IsNative => $"{writer}.Write({value});",
            TypeShape.Scalar or TypeShape.String => $"{ScalarFormat}.Write(ref {writer}, {value});",
            TypeShape.Bytes => $"{writer}.Write({value});",
            TypeShape.Enum => $"{writer}.Write((global::System.{type.Scalar}){value});",
            _ => $"{Home(type)}Write{type.Identifier}(ref {writer}, {value}{(countsDepth && type.CountsDepth ? ", depth" : "")}{(isMember && ComparesInState(type) ? ", isMember: true" : "")});",
        };
    }

    /// <summary>An expression that reads a value; null only where the type says so.</summary>
    /// <param name="use">The type.</param>
    /// <param name="origin">An expression for where the bytes come from.</param>
    /// <param name="into">An expression for the collection to refill, or null to make one.</param>
    public string Read(TypeUse use, string origin, string? into = null)
    {
        TypeModel type = this[use];
        string read = type.Shape switch
        {
            TypeShape.Scalar when type.IsNative => $"reader.{type.Scalar}()",
            TypeShape.Scalar => $"{ScalarFormat}.{type.Scalar}(ref reader)",
            TypeShape.String => $"{ScalarFormat}.ReadString(ref reader)",
            TypeShape.Bytes => $"{ScalarFormat}.ReadBytes(ref reader)",
            TypeShape.Enum => $"({type.TypeName})reader.Read{type.Scalar}()",
            _ => $"{Home(type)}Read{type.Identifier}(ref reader{(type.DependsOnOrigin ? ", " + origin : "")}{(into is null ? "" : ", " + into)})",
        };
        return type.IsReference && !use.IsNullable ? $"{ValueFormat}.Required({read}, {origin})" : read;
    }

    /// <summary>A statement that adds a value to the hasher.</summary>
    public string Hash(TypeUse use, string value)
    {
        TypeModel type = this[use];
        return type.Shape switch
        {
            TypeShape.Scalar or TypeShape.String or TypeShape.Bytes => $"hasher.Add({value});",
            TypeShape.Enum => $"hasher.Add((global::System.{type.Scalar}){value});",
            _ => $"{Qualifier(Hashing)}Add{type.Identifier}(hasher, {value});",
        };
    }

    /// <summary>Whether writing a refilled collection of this type asks whether it is a state member's.</summary>
    public static bool ComparesInState(TypeModel type) =>
        type is { IsOnWire: false, IsRefilled: true, Collection: { Comparer: not CollectionComparer.None } or { IsInterface: true } };

    /// <summary>Codecs of what clients speak of stand beside the envelopes; those of private state stay inside the machine.</summary>
    public string Home(TypeModel type) => Qualifier(type.IsOnWire ? machine.Codecs() : "SnapshotCodecs");

    private string Qualifier(string home) => home == within ? "" : home + ".";
}
