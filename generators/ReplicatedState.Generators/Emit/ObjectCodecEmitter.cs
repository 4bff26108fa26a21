using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the codec of a record, struct or class: an array of its members.</summary>
internal static class ObjectCodecEmitter
{
    public static void Emit(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        EmitWrite(code, type, codecs);
        EmitRead(code, type, codecs);
    }

    private static void EmitWrite(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (CodecEmitter.OpenWrite(code, type))
        {
            BeginWrite(code, type);
            code.Line($"writer.WriteArrayHeader({type.Members.Count});");
            foreach (MemberModel member in type.Members)
                code.Line(member.Role == MemberRole.Hole ? "writer.WriteNil();" : codecs.Write(member.Type, $"value.{Escaped(member.Name)}"));
        }
    }

    /// <summary>Nil for null, and the refusal of what could not be read again.</summary>
    public static void BeginWrite(CodeWriter code, TypeModel type)
    {
        if (type.IsReference)
            CodecEmitter.WriteNil(code);
        if (type.IsOpen)
            code.Line($"{ValueFormat}.RequireExactType(value, typeof({type.TypeName}));");
        if (type.IsRecursive)
            code.Line($"depth = {ValueFormat}.Descend(depth);");
    }

    private static void EmitRead(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (CodecEmitter.OpenRead(code, type))
        {
            if (type.IsReference)
            {
                code.Line("if (reader.TryReadNil())", "return null;");
                code.Separate();
            }

            if (type.IsRecursive)
                code.Line($"{ValueFormat}.Descend(ref reader);");
            string display = Quote(type.Identifier);
            int required = RequiredCount(type);
            code.Line($"int count = {ValueFormat}.ReadMembersHeader(ref reader, {display}, required: {required});");
            List<string> locals = ReadIntoLocals(code, type, codecs, required);
            string created = Create(type, locals);
            bool isAssigned = type.Members.Any(static member => member.Role == MemberRole.Assignment);
            string end = $"{ValueFormat}.EndMembers(ref reader, {display}, count, known: {type.Members.Count}, origin);";
            if (isAssigned)
            {
                code.Line($"var value = {created};");
                AssignRest(code, type, codecs, first: locals.Count);
            }

            code.Line(end);
            if (type.IsRecursive)
                code.Line("reader.Depth--;");
            code.Line(isAssigned ? "return value;" : $"return {created};");
        }
    }

    /// <summary>Members up to the last one without a default; the others may be lacking in an older encoding.</summary>
    private static int RequiredCount(TypeModel type)
    {
        int required = type.Members.Count;
        while (required > 0 && type.Members[required - 1] is { Role: MemberRole.Assignment } or { DefaultValue: not null } or { Role: MemberRole.Hole })
            required--;
        return required;
    }

    private static List<string> ReadIntoLocals(CodeWriter code, TypeModel type, CodecCalls codecs, int required)
    {
        var names = new LocalNames("reader", "origin", "count", "value");
        var locals = new List<string>();
        for (int i = 0; i < type.Members.Count; i++)
        {
            MemberModel member = type.Members[i];
            if (member.Role == MemberRole.Assignment)
                break;
            if (member.Role == MemberRole.Hole)
            {
                if (i < required)
                    code.Line($"{ValueFormat}.Skip(ref reader);");
                else
                    code.Line($"if (count > {i})", $"{ValueFormat}.Skip(ref reader);");
                locals.Add("");
                continue;
            }

            string local = names.Take(member.Name);
            string read = codecs.Read(member.Type, "origin");
            code.Line($"{codecs.TypeName(member.Type)} {local} = {(i < required ? read : $"count > {i} ? {read} : {member.DefaultValue}")};");
            locals.Add(local);
        }

        return locals;
    }

    /// <summary>What follows the members that construction needs: each only where the encoding has it.</summary>
    private static void AssignRest(CodeWriter code, TypeModel type, CodecCalls codecs, int first)
    {
        for (int i = first; i < type.Members.Count; i++)
        {
            MemberModel member = type.Members[i];
            code.Line(
                $"if (count > {i})",
                member.Role == MemberRole.Hole ? $"{ValueFormat}.Skip(ref reader);" : $"value.{Escaped(member.Name)} = {codecs.Read(member.Type, "origin")};");
        }
    }

    /// <summary>The expression that makes an object of the members that were read; a member without a local is left as it is.</summary>
    public static string Create(TypeModel type, List<string> locals)
    {
        var arguments = new SortedDictionary<int, string>();
        var initializers = new List<string>();
        for (int i = 0; i < locals.Count; i++)
        {
            if (type.Members[i].Role == MemberRole.Constructor)
                arguments.Add(type.Members[i].Position, locals[i]);
            if (type.Members[i] is { Role: MemberRole.Initializer } or { IsRequired: true })
                initializers.Add($"{Escaped(type.Members[i].Name)} = {locals[i]}");
        }

        string created = $"new {type.TypeName}({string.Join(", ", arguments.Values)})";
        return initializers.Count == 0 ? created : $"{created} {{ {string.Join(", ", initializers)} }}";
    }
}
