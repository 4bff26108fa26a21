using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the table by which JSON is turned into calls, and results into JSON: the types on the wire, commands and queries.</summary>
internal static class JsonEmitter
{
    private const string Call = Json + ".JsonCall";
    private const string Calls = Json + ".JsonCalls";
    private const string Member = Json + ".JsonMember";
    private const string Type = Json + ".JsonType";
    private const string Use = Json + ".JsonTypeUse";
    private const string Consistency = "global::ReplicatedState.ReadConsistency";

    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        using (code.Open($"partial class {Escaped(machine.ClassName)}"))
        {
            code.BeginContractMember();
            code.Line($"static {Calls} global::ReplicatedState.IReplicatedStateMachine<{machine.FullName()}>.Json => JsonTable.Calls;");
            code.Separate();
            code.Line("/// <summary>How arguments and results stand in JSON. Made when it is first asked for.</summary>");
            code.Line(SourceFile.GeneratedCode);
            using (code.Open("private static class JsonTable"))
            {
                using (code.Open($"private static readonly {Type}[] Types =", "};"))
                    EmitTypes(code, machine, codecs);
                code.Separate();
                code.Line($"internal static readonly {Calls} Calls = new {Calls}(");
                code.Line($"    {Quote(machine.Name)},");
                EmitCalls(code, machine.Commands.Where(static command => !command.IsRetired), codecs, ",");
                EmitCalls(code, machine.Queries, codecs, ");");
            }
        }
    });

    private static void EmitTypes(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        for (int i = 0; i < machine.Types.Count && machine.Types[i].IsOnWire; i++)
            EmitLines(code, $"/* {i} */ ", TypeLines(machine, machine.Types[i], codecs), "");
    }

    private static List<string> TypeLines(MachineModel machine, TypeModel type, CodecCalls codecs) => type.Shape switch
    {
        TypeShape.Scalar or TypeShape.String or TypeShape.Bytes => [$"{Type}.{type.Identifier},"],
        TypeShape.Enum => [$"{Type}.Enum<global::System.{type.Scalar}>(isFlags: {Literal(type.IsFlags)}{string.Concat(type.EnumMembers.Select(static member => $", ({Quote(member.Name)}, {member.Value})"))}),"],
        TypeShape.Nullable => [$"{Type}.Nullable({New(type.Arguments[0])}),"],
        TypeShape.Tuple => [$"{Type}.Tuple([{string.Join(", ", type.Arguments.Select(New))}]),"],
        TypeShape.Array or TypeShape.Sequence or TypeShape.Set => [$"{Type}.List({New(type.Arguments[0])}),"],
        TypeShape.ImmutableArray => [$"{Type}.List({New(type.Arguments[0])}, hasNull: true),"],
        TypeShape.Map => [$"{Type}.Map({New(type.Arguments[0])}, {New(type.Arguments[1])}),"],
        TypeShape.Heap => [$"{Type}.Heap({New(type.Arguments[0])}, {New(type.Arguments[1])}),"],
        TypeShape.Union => [$"{Type}.Union({Quote(type.ShortName)}{string.Concat(type.CaseNumbers.Zip(type.Arguments, (number, use) => $", ({number}, {Quote(machine.Types[use.Type].ShortName)}, {New(use)})"))}),"],
        TypeShape.Custom => [$"{Type}.Formatted({Quote(type.ShortName)}),"],
        _ => [$"{Type}.{(type.IsNamed ? "NamedObject" : "Object")}({Quote(type.ShortName)}, isRecursive: {Literal(type.IsRecursive)}, [", .. type.Members.Select(member => MemberLine(type, member, codecs)), "]),"],
    };

    private static void EmitCalls(CodeWriter code, IEnumerable<CallModel> calls, CodecCalls codecs, string end)
    {
        code.Line($"    new {Call}[]");
        code.Line("    {");
        foreach (CallModel call in calls)
        {
            string result = call.Result is { } use ? $"new {Use}{New(use).Substring(3)}" : "null";
            string head = call.IsCommand()
                ? $"{Call}.Command(Types, {Quote(call.Name)}, {Literal(call.Id)}, {result}, ["
                : $"{Call}.Query(Types, {Quote(call.Name)}, {Literal(call.Id)}, {ConsistencyOf(call)}, isPaged: {Literal(call.IsPaged)}, isDefault: {Literal(call.IsDefault)}, {result}, [";
            ParameterModel[] parameters = [.. call.Parameters.Where(static parameter => !parameter.IsContext)];
            EmitLines(code, "        ", [head, .. parameters.Select((parameter, i) => ParameterLine(parameter, call.IsParams && i == parameters.Length - 1, codecs)), "]),"], "        ");
        }

        code.Line("    }" + end);
    }

    /// <summary>A list with one item a line; on one line where it has none.</summary>
    private static void EmitLines(CodeWriter code, string first, List<string> lines, string indent)
    {
        if (lines.Count <= 2)
        {
            code.Line(first + string.Concat(lines));
            return;
        }

        code.Line(first + lines[0]);
        for (int i = 1; i < lines.Count - 1; i++)
            code.Line($"{indent}    {lines[i]},");
        code.Line(indent + lines[lines.Count - 1]);
    }

    private static string ParameterLine(ParameterModel parameter, bool isParams, CodecCalls codecs)
    {
        TypeUse use = parameter.Type!.Value;
        string? write = parameter.DefaultValue is { } value ? WriteDefault(use, parameter.TypeName, value, codecs)
            : isParams && !use.IsNullable ? WriteNothing(codecs[use])
            : null;
        return NewMember(parameter.Name.TrimStart('@'), use, write, mayBeLeftOut: parameter.Since > 0);
    }

    private static string MemberLine(TypeModel type, MemberModel member, CodecCalls codecs)
    {
        if (member.Role == MemberRole.Hole)
            return $"{Member}.Hole";
        string? write = (member.DefaultValue ?? member.Initializer) is { } value ? WriteDefault(member.Type, member.TypeName, value, codecs)
            : member.HasInitializer && type.IsCreatable ? Lambda(codecs.Write(member.Type, $"new {type.TypeName}().{Escaped(member.Name)}"))
            : null;
        return NewMember(type.IsNamed ? member.Key : member.Name, member.Type, write, mayBeLeftOut: write is null && member is { HasInitializer: true, Role: MemberRole.Assignment });
    }

    private static string NewMember(string name, TypeUse use, string? write, bool mayBeLeftOut) =>
        $"new({Quote(name)}, {New(use)}{(write is null ? "" : $", {write}")}{(mayBeLeftOut ? ", mayBeLeftOut: true" : "")})";

    /// <summary>Null needs no writer: it stands for what is lacking wherever it may stand.</summary>
    private static string? WriteDefault(TypeUse use, string typeName, string value, CodecCalls codecs) =>
        value is "default" or "null" && (use.IsNullable || codecs[use].Shape == TypeShape.Nullable) ? null : Lambda(codecs.Write(use, $"(({typeName})({value}{(value is "default" or "null" ? "!" : "")}))"));

    private static string? WriteNothing(TypeModel type) => type.Shape switch
    {
        TypeShape.Array or TypeShape.ImmutableArray or TypeShape.Sequence or TypeShape.Set => Lambda("writer.WriteArrayHeader(0);"),
        TypeShape.Bytes => Lambda("writer.WriteBinHeader(0);"),
        _ => null,
    };

    private static string Lambda(string statement) => $"static (ref {Writer} writer) => {statement.TrimEnd(';')}";

    private static string New(TypeUse use) => use.IsNullable ? $"new({use.Type}, true)" : $"new({use.Type})";

    private static string Literal(bool value) => value ? "true" : "false";

    private static string Literal(uint id) => GeneratedNames.Literal(id);

    private static string ConsistencyOf(CallModel call) => call.Consistency == "BoundedStaleness"
        ? $"{Consistency}.BoundedStaleness(global::System.TimeSpan.FromMilliseconds({call.MaxStalenessMs}L))"
        : $"{Consistency}.{call.Consistency}";
}
