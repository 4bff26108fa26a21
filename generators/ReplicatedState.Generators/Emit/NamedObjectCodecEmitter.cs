using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the codec of a [MessagePackObject] with names as keys: a map of its members, written by name and read in any order.</summary>
internal static class NamedObjectCodecEmitter
{
    public static void Emit(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (CodecEmitter.OpenWrite(code, type))
        {
            ObjectCodecEmitter.BeginWrite(code, type);
            code.Line($"writer.WriteMapHeader({type.Members.Count});");
            foreach (MemberModel member in type.Members)
            {
                code.Line($"writer.WriteString({Utf8(member.Key)});");
                code.Line(codecs.Write(member.Type, $"value.{Escaped(member.Name)}"));
            }
        }

        using (CodecEmitter.OpenRead(code, type))
        {
            if (type.IsReference)
            {
                code.Line("if (reader.TryReadNil())", "return null;");
                code.Separate();
            }

            if (type.IsRecursive)
                code.Line($"{ValueFormat}.Descend(ref reader);");
            EmitRead(code, type, codecs);
        }
    }

    private static void EmitRead(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        string display = Quote(type.Identifier);
        var names = new LocalNames("reader", "origin", "count", "value", "name", "i");
        List<string> locals = [.. type.Members.Select(member => names.Take(member.Name))];
        List<string> seen = [.. type.Members.Select(member => names.Take($"has{member.Name}"))];
        for (int i = 0; i < locals.Count; i++)
        {
            MemberModel member = type.Members[i];
            code.Line($"{codecs.TypeName(member.Type)} {locals[i]} = {member.DefaultValue ?? "default!"};");
            code.Line($"bool {seen[i]} = false;");
        }

        code.Line("int count = reader.ReadMapHeader();");
        using (code.Open("for (int i = 0; i < count; i++)"))
        {
            code.Line($"global::System.ReadOnlySpan<byte> name = {NamedFormat}.ReadName(ref reader);");
            for (int i = 0; i < locals.Count; i++)
            {
                MemberModel member = type.Members[i];
                using (code.Open($"{(i > 0 ? "else " : "")}if (global::System.MemoryExtensions.SequenceEqual(name, {Utf8(member.Key)}))"))
                {
                    code.Line($"{NamedFormat}.RequireFirst(ref {seen[i]}, {display}, {Quote(member.Key)});");
                    code.Line($"{locals[i]} = {codecs.Read(member.Type, "origin")};");
                }
            }

            if (locals.Count > 0)
                code.Line("else", $"{NamedFormat}.PassOver(ref reader, {display}, name, origin);");
            else
                code.Line($"{NamedFormat}.PassOver(ref reader, {display}, name, origin);");
        }

        code.Separate();
        for (int i = 0; i < locals.Count; i++)
        {
            if (type.Members[i] is { Role: not MemberRole.Assignment, DefaultValue: null })
                code.Line($"{NamedFormat}.RequireMember({seen[i]}, {display}, {Quote(type.Members[i].Key)});");
        }

        code.Line($"var value = {ObjectCodecEmitter.Create(type, locals)};");
        for (int i = 0; i < locals.Count; i++)
        {
            if (type.Members[i].Role == MemberRole.Assignment)
                code.Line($"if ({seen[i]})", $"value.{Escaped(type.Members[i].Name)} = {locals[i]};");
        }

        if (type.IsRecursive)
            code.Line("reader.Depth--;");
        code.Line("return value;");
    }

    private static string Utf8(string text) => $"{Quote(text)}u8";
}
