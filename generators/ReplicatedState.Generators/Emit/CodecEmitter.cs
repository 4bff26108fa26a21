using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits {Name}Codecs, and the Write and Read methods of each type.</summary>
internal static class CodecEmitter
{
    /// <summary>The codecs of all that clients speak of; null where plain scalars are enough.</summary>
    public static string? Emit(MachineModel machine, CodecCalls codecs)
    {
        List<TypeModel> types = [.. machine.Types.Where(static type => type.IsOnWire && HasCodec(type))];
        return types.Count == 0 ? null : SourceFile.Emit(machine, code =>
        {
            code.Line($"/// <summary>How the arguments and results of {machine.ClassName} are encoded.</summary>");
            code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
            code.Line(SourceFile.GeneratedCode);
            using (code.Open($"internal static class {machine.Codecs()}"))
            {
                foreach (TypeModel type in types)
                    Emit(code, type, codecs.Within(machine.Codecs()));
            }
        });
    }

    /// <summary>Whether a type is more than a scalar, which is encoded in place.</summary>
    public static bool HasCodec(TypeModel type) => type.Shape is not (TypeShape.Scalar or TypeShape.String or TypeShape.Bytes or TypeShape.Enum);

    public static void Emit(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        codecs = codecs.Writing(type);
        switch (type.Shape)
        {
            case TypeShape.Nullable:
                EmitNullable(code, type, codecs);
                break;
            case TypeShape.Tuple:
                EmitTuple(code, type, codecs);
                break;
            case TypeShape.Array or TypeShape.ImmutableArray:
                EmitArray(code, type, codecs);
                break;
            case TypeShape.Sequence or TypeShape.Set:
                CollectionCodecEmitter.EmitSequence(code, type, codecs);
                break;
            case TypeShape.Map:
                CollectionCodecEmitter.EmitMap(code, type, codecs);
                break;
            case TypeShape.Heap:
                CollectionCodecEmitter.EmitHeap(code, type, codecs);
                break;
            case TypeShape.Object when type.IsNamed:
                NamedObjectCodecEmitter.Emit(code, type, codecs);
                break;
            case TypeShape.Object:
                ObjectCodecEmitter.Emit(code, type, codecs);
                break;
            case TypeShape.Union:
                UnionCodecEmitter.Emit(code, type, codecs);
                break;
            case TypeShape.Custom:
                EmitCustom(code, type);
                break;
        }
    }

    /// <summary>Opens the method that writes.</summary>
    public static CodeWriter.Block OpenWrite(CodeWriter code, TypeModel type)
    {
        code.Separate();
        string depth = type.CountsDepth ? ", int depth = 0" : "";
        string isMember = CodecCalls.ComparesInState(type) ? ", bool isMember = false" : "";
        return code.Open($"internal static void Write{type.Identifier}(ref {Writer} writer, {type.TypeName}{Mark(type)} value{depth}{isMember})");
    }

    /// <summary>Opens the method that reads.</summary>
    public static CodeWriter.Block OpenRead(CodeWriter code, TypeModel type, string extraParameter = "")
    {
        code.Separate();
        string origin = type.DependsOnOrigin ? $", {DecodeOrigin} origin" : "";
        return code.Open($"internal static {type.TypeName}{Mark(type)} Read{type.Identifier}(ref {Reader} reader{origin}{extraParameter})");
    }

    /// <summary>Writes nil for null and returns.</summary>
    public static void WriteNil(CodeWriter code, string condition = "value is null")
    {
        using (code.Open($"if ({condition})"))
        {
            code.Line("writer.WriteNil();");
            code.Line("return;");
        }

        code.Separate();
    }

    private static string Mark(TypeModel type) => type.IsReference ? "?" : "";

    private static void EmitNullable(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse underlying = type.Arguments[0];
        using (OpenWrite(code, type))
        {
            code.Line("if (value is { } some)", codecs.Write(underlying, "some"));
            code.Line("else", "writer.WriteNil();");
        }

        using (OpenRead(code, type))
            code.Line($"return reader.TryReadNil() ? null : {codecs.Read(underlying, "origin")};");
    }

    private static void EmitTuple(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (OpenWrite(code, type))
        {
            if (type.IsReference)
                WriteNil(code);
            code.Line($"writer.WriteArrayHeader({type.Arguments.Count});");
            for (int i = 0; i < type.Arguments.Count; i++)
                code.Line(codecs.Write(type.Arguments[i], $"value.{TupleItem(type, i)}"));
        }

        using (OpenRead(code, type))
        {
            if (type.IsReference)
            {
                code.Line("if (reader.TryReadNil())", "return null;");
                code.Separate();
            }

            code.Line($"{ValueFormat}.ReadTupleHeader(ref reader, {type.Arguments.Count});");
            var items = new string[type.Arguments.Count];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = $"item{i + 1}";
                code.Line($"{codecs.TypeName(type.Arguments[i])} {items[i]} = {codecs.Read(type.Arguments[i], "origin")};");
            }

            bool hasSyntax = !type.IsReference && items.Length > 1;
            code.Line($"return {(hasSyntax ? "" : $"new {type.TypeName}")}({string.Join(", ", items)});");
        }
    }

    /// <summary>The eighth element of a tuple that is a class is the tuple of the others.</summary>
    public static string TupleItem(TypeModel type, int index) => type.IsReference && index == 7 ? "Rest" : $"Item{index + 1}";

    private static void EmitCustom(CodeWriter code, TypeModel type)
    {
        string formatter = $"FormatterOf{type.Identifier}";
        code.Separate();
        code.Line($"private static readonly global::MessagePack.Formatters.IMessagePackFormatter<{type.TypeName}{Mark(type)}> {formatter} = {type.Formatter};");
        using (OpenWrite(code, type))
        {
            if (type.IsReference)
                WriteNil(code);
            code.Line($"{formatter}.Serialize(ref writer, value, {CustomFormat}.Options);");
        }

        using (OpenRead(code, type))
        {
            code.Line(type.IsReference
                ? $"return reader.TryReadNil() ? null : {formatter}.Deserialize(ref reader, {CustomFormat}.Options);"
                : $"return {formatter}.Deserialize(ref reader, {CustomFormat}.Options);");
        }
    }

    private static void EmitArray(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse element = type.Arguments[0];
        bool isImmutable = type.Shape == TypeShape.ImmutableArray;
        using (OpenWrite(code, type))
        {
            WriteNil(code, isImmutable ? "value.IsDefault" : "value is null");
            code.Line("writer.WriteArrayHeader(value.Length);");
            code.Line($"foreach ({codecs.TypeName(element)} element in value)", codecs.Write(element, "element"));
        }

        using (OpenRead(code, type))
        {
            code.Line("if (reader.TryReadNil())", isImmutable ? "return default;" : "return null;");
            code.Separate();

            code.Line("int count = reader.ReadArrayHeader();");
            code.Line($"var elements = {ValueFormat}.NewArray<{codecs.TypeName(element)}>(count);");
            using (code.Open("for (int i = 0; i < count; i++)"))
            {
                code.Line("if (i == elements.Length)", $"{ValueFormat}.Grow(ref elements, count);");
                code.Line($"elements[i] = {codecs.Read(element, "origin")};");
            }

            code.Separate();
            code.Line(isImmutable ? "return global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(elements);" : "return elements;");
        }
    }
}
