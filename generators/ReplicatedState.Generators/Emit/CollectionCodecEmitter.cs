using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the codecs of collections that are filled element by element.</summary>
internal static class CollectionCodecEmitter
{
    public static void EmitSequence(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse element = type.Arguments[0];
        using (CodecEmitter.OpenWrite(code, type))
        {
            CodecEmitter.WriteNil(code);
            code.Line("writer.WriteArrayHeader(value.Count);");
            code.Line($"foreach ({codecs.TypeName(element)} element in value)", codecs.Write(element, "element"));
        }

        using (OpenRead(code, type))
        {
            BeginRead(code, type, codecs, "ReadArrayHeader");
            if (type.Collection!.IsReversed)
            {
                // A stack is written from its top, and has to be pushed from its bottom.
                code.Line($"var elements = new global::System.Collections.Generic.List<{codecs.TypeName(element)}>({ValueFormat}.Capacity(count));");
                code.Line("for (int i = 0; i < count; i++)", $"elements.Add({codecs.Read(element, "origin")});");
                code.Separate();
                code.Line("for (int i = count - 1; i >= 0; i--)", $"{Target(type)}.{type.Collection.AddMethod}(elements[i]);");
            }
            else
            {
                string add = $"{Target(type)}.{type.Collection.AddMethod}({codecs.Read(element, "origin")})";
                code.Line(
                    "for (int i = 0; i < count; i++)",
                    type.Shape == TypeShape.Set ? $"{ValueFormat}.RequireNew({add});" : $"{add};");
            }

            code.Separate();
            code.Line($"return {Target(type)};");
        }
    }

    public static void EmitMap(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse key = type.Arguments[0];
        TypeUse value = type.Arguments[1];
        using (CodecEmitter.OpenWrite(code, type))
        {
            CodecEmitter.WriteNil(code);
            code.Line("writer.WriteMapHeader(value.Count);");
            using (code.Open($"foreach (global::System.Collections.Generic.KeyValuePair<{codecs.TypeName(key)}, {codecs.TypeName(value)}> pair in value)"))
            {
                code.Line(codecs.Write(key, "pair.Key"));
                code.Line(codecs.Write(value, "pair.Value"));
            }
        }

        using (OpenRead(code, type))
        {
            BeginRead(code, type, codecs, "ReadMapHeader");
            using (code.Open("for (int i = 0; i < count; i++)"))
            {
                code.Line($"{codecs.TypeName(key)} key = {codecs.Read(key, "origin")};");
                code.Line($"{Target(type)}.Add(key, {codecs.Read(value, "origin")});");
            }

            code.Separate();
            code.Line($"return {Target(type)};");
        }
    }

    private static string Target(TypeModel type) => type.IsRefilled ? "into" : "value";

    private static CodeWriter.Block OpenRead(CodeWriter code, TypeModel type) =>
        CodecEmitter.OpenRead(code, type, type.IsRefilled ? $", {type.TypeName}? into = null" : "");

    private static void BeginRead(CodeWriter code, TypeModel type, CodecCalls codecs, string readHeader)
    {
        code.Line("if (reader.TryReadNil())", "return null;");
        code.Separate();
        code.Line($"int count = reader.{readHeader}();");
        string arguments = type.Collection!.TakesCapacity ? $"{ValueFormat}.Capacity(count)" : "";
        if (type is { IsOnWire: true, Collection.IsHashed: true } && codecs[type.Arguments[0]].IsWideInteger)
            arguments += $", {UntrustedComparer}.For<{codecs.TypeName(type.Arguments[0])}>()";
        string create = $"new {type.Collection.Concrete}({arguments})";
        if (type.IsRefilled)
        {
            code.Line("into?.Clear();");
            code.Line($"into ??= {create};");
        }
        else
        {
            code.Line($"var value = {create};");
        }
    }
}
