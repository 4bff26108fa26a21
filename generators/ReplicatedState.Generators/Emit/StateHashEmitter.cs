using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits ComputeStateHash: ordered collections are chained, unordered ones summed element by element.</summary>
internal static class StateHashEmitter
{
    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        using (code.Open($"partial class {Escaped(machine.ClassName)}"))
        {
            code.BeginContractMember();
            using (code.Open("global::System.UInt128 global::ReplicatedState.IStateMachine.ComputeStateHash(int version)"))
            {
                code.Line($"var hasher = new {StateHasher}();");
                foreach (StateMemberModel member in machine.State)
                {
                    code.Separate();
                    using (SnapshotEmitter.OpenLive(code, member))
                    {
                        code.Line($"hasher.Add({Literal(member.Key)}); // {member.Name}");
                        code.Line(codecs.Hash(member.Type, $"this.{Escaped(member.Member)}"));
                    }
                }

                code.Separate();
                code.Line("return hasher.TakeHash(mark: 0);");
            }

            EmitMethods(code, machine, codecs);
        }
    });

    private static void EmitMethods(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        List<TypeModel> composites = [.. ReachedFromState(machine).Where(CodecEmitter.HasCodec)];
        if (composites.Count == 0)
            return;
        code.Separate();
        code.Line("/// <summary>Adds values of the types that the state is made of to a hash.</summary>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open("private static class StateHashing"))
        {
            foreach (TypeModel type in composites)
            {
                code.Separate();
                using (code.Open($"internal static void Add{type.Identifier}({StateHasher} hasher, {type.TypeName}{(type.IsReference ? "?" : "")} value)"))
                    EmitBody(code, type, codecs.Within("StateHashing"));
            }
        }
    }

    private static IEnumerable<TypeModel> ReachedFromState(MachineModel machine)
    {
        var reached = new SortedSet<int>();
        var open = new Stack<int>(machine.State.Select(static member => member.Type.Type));
        while (open.Count > 0)
        {
            int index = open.Pop();
            if (!reached.Add(index))
                continue;
            foreach (TypeUse part in TypeGraph.Parts(machine.Types[index]))
                open.Push(part.Type);
        }

        return reached.Select(index => machine.Types[index]);
    }

    private static void EmitBody(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        switch (type.Shape)
        {
            case TypeShape.Nullable:
                code.Line("hasher.Add(value.HasValue);");
                code.Line("if (value is { } some)", codecs.Hash(type.Arguments[0], "some"));
                break;
            case TypeShape.Tuple:
                HashNull(code, type);
                for (int i = 0; i < type.Arguments.Count; i++)
                    code.Line(codecs.Hash(type.Arguments[i], $"value.{CodecEmitter.TupleItem(type, i)}"));
                break;
            case TypeShape.Union:
                HashNull(code, type);
                UnionCodecEmitter.EmitSwitch(code, type, codecs, static (code, calls, number, use) =>
                {
                    code.Line($"hasher.Add({number});");
                    code.Line(calls.Hash(use, "some"));
                });
                break;
            case TypeShape.Custom:
                code.Line($"var writer = new {Writer}(hasher);");
                code.Line($"{codecs.Home(type)}Write{type.Identifier}(ref writer, value);");
                code.Line("writer.Flush();");
                break;
            case TypeShape.Object:
                EmitObject(code, type, codecs);
                break;
            case TypeShape.ImmutableArray:
                EmitElements(code, type, codecs, "value.IsDefault", "value.Length");
                break;
            case TypeShape.Array:
                EmitElements(code, type, codecs, "value is null", "value.Length");
                break;
            default:
                EmitElements(code, type, codecs, "value is null", CollectionCodecEmitter.CountOf(type));
                break;
        }
    }

    private static void EmitObject(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        HashNull(code, type);
        if (type.IsRecursive)
            code.Line("global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();");
        foreach (MemberModel member in type.Members.Where(static member => member.Role != MemberRole.Hole))
            code.Line(codecs.Hash(member.Type, $"value.{Escaped(member.Name)}"));
    }

    private static void HashNull(CodeWriter code, TypeModel type)
    {
        if (!type.IsReference)
            return;
        code.Line("hasher.Add(value is not null);");
        code.Line("if (value is null)", "return;");
        code.Separate();
    }

    private static void EmitElements(CodeWriter code, TypeModel type, CodecCalls codecs, string isAbsent, string count)
    {
        bool isOrdered = type.Collection?.IsOrdered ?? true;
        string total = isOrdered ? "chain" : "sum";
        using (code.Open($"if ({isAbsent})"))
        {
            code.Line("hasher.Add(-1);");
            code.Line("return;");
        }

        code.Separate();
        code.Line($"hasher.Add({count});");
        code.Line($"global::System.UInt128 {total} = default;");
        using (code.Open(CollectionCodecEmitter.ForEach(type, codecs)))
        {
            code.Line("int mark = hasher.Mark;");
            if (isOrdered)
                code.Line("hasher.Add(chain);");
            code.Line(codecs.Hash(type.Arguments[0], type.Shape == TypeShape.Map ? "pair.Key" : "element"));
            if (type.Shape == TypeShape.Map)
                code.Line(codecs.Hash(type.Arguments[1], "pair.Value"));
            if (type.Shape == TypeShape.Heap)
                code.Line(codecs.Hash(type.Arguments[1], "priority"));
            code.Line(isOrdered ? "chain = hasher.TakeHash(mark);" : "sum = unchecked(sum + hasher.TakeHash(mark));");
        }

        code.Separate();
        code.Line($"hasher.Add({total});");
    }
}
