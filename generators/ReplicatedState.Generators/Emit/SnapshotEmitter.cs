using System;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits WriteSnapshot and ReadSnapshot, and the codecs of types that only the state knows.</summary>
internal static class SnapshotEmitter
{
    private const string Contract = "global::ReplicatedState.IStateMachine";

    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        using (code.Open($"partial class {Escaped(machine.ClassName)}"))
        {
            EmitWrite(code, machine, codecs);
            EmitRead(code, machine, codecs);
            EmitCodecs(code, machine, codecs);
        }
    });

    private static void EmitWrite(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        code.BeginContractMember();
        using (code.Open($"void {Contract}.WriteSnapshot(ref {Writer} writer, int version)"))
        {
            EmitCount(code, machine);
            foreach (StateMemberModel member in machine.State)
            {
                code.Separate();
                using (OpenLive(code, member))
                {
                    code.Line($"writer.Write({Literal(member.Key)}); // {member.Name}");
                    code.Line(codecs.Write(member.Type, $"this.{Escaped(member.Member)}", isMember: member.HasInitializer));
                }
            }
        }
    }

    /// <summary>Opens the condition under which a member counts at <c>version</c>; null where it always does.</summary>
    internal static IDisposable? OpenLive(CodeWriter code, StateMemberModel member) => IsLive(member) is { } condition ? code.Open($"if ({condition})") : null;

    private static string? IsLive(StateMemberModel member) => (member.Since > 1, member.Until > 0) switch
    {
        (false, false) => null,
        (true, false) => $"version >= {member.Since}",
        (false, true) => $"version < {member.Until}",
        (true, true) => $"version is >= {member.Since} and < {member.Until}",
    };

    /// <summary>Members of a version that isn't in effect are left out, so that a binary without them still reads the snapshot.</summary>
    private static void EmitCount(CodeWriter code, MachineModel machine)
    {
        int always = machine.State.Count(static member => IsLive(member) is null);
        string sometimes = string.Concat(machine.State
            .Where(static member => IsLive(member) is not null)
            .OrderBy(static member => member.Since).ThenBy(static member => member.Until)
            .GroupBy(IsLive)
            .Select(static members => $" + ({members.Key} ? {members.Count()} : 0)"));
        code.Line($"writer.WriteMapHeader({always}{sometimes});");
    }

    private static void EmitRead(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        code.BeginContractMember();
        using (code.Open($"void {Contract}.ReadSnapshot(ref {Reader} reader, int version)"))
        {
            string name = Quote(machine.Name);
            var names = new LocalNames("reader", "version", "origin", "count", "i", "key", "error");
            var seen = machine.State.ToDictionary(static member => member, member => names.Take($"seen_{member.Member.TrimStart('_')}"));
            if (machine.State.Any(member => codecs.AsksOrigin(member.Type)))
                code.Line($"const {DecodeOrigin} origin = {DecodeOrigin}.Snapshot;");
            foreach (StateMemberModel member in machine.State)
                code.Line($"bool {seen[member]} = false;");
            code.Line($"int count = {SnapshotFormat}.ReadHeader(ref reader, {name});");
            using (code.Open("for (int i = 0; i < count; i++)"))
            {
                code.Line($"uint key = {SnapshotFormat}.ReadKey(ref reader, {name});");
                using (code.Open("switch (key)"))
                {
                    foreach (StateMemberModel member in machine.State)
                        EmitCase(code, machine, member, seen[member], codecs);
                    foreach (RetiredStateModel member in machine.RetiredState)
                    {
                        code.Separate();
                        code.Line($"case {Literal(member.Key)}: // {member.Name}, retired");
                        code.Line($"    {ValueFormat}.Skip(ref reader);");
                        code.Line("    break;");
                    }

                    code.Separate();
                    code.Line("default:");
                    code.Line($"    throw {SnapshotFormat}.UnknownKey({name}, key, version);");
                }
            }

            foreach (StateMemberModel member in machine.State)
            {
                code.Separate();
                string isMissing = IsLive(member) is { } condition ? $"!{seen[member]} && {condition}" : $"!{seen[member]}";
                code.Line($"if ({isMissing})", $"throw {SnapshotFormat}.MissingKey({name}, {Quote(member.Name)}, since: {member.Since}, version);");
            }
        }
    }

    private static void EmitCase(CodeWriter code, MachineModel machine, StateMemberModel member, string seen, CodecCalls codecs)
    {
        string name = Quote(machine.Name);
        string target = $"this.{Escaped(member.Member)}";
        code.Separate();
        using (code.Open($"case {Literal(member.Key)}{(IsLive(member) is { } condition ? $" when {condition}" : "")}: // {member.Name}"))
        {
            code.Line($"if ({seen})", $"throw {SnapshotFormat}.DuplicateKey({name}, {Quote(member.Name)});");
            code.Separate();
            code.Line($"{seen} = true;");
            using (code.Open("try"))
            {
                string read = codecs.Read(member.Type, "origin", member.Restore == StateRestore.Assign ? null : target);
                code.Line(member.Restore == StateRestore.Refill
                    ? $"{SnapshotFormat}.RequireRefilled({target}, {read});"
                    : $"{target} = {read};");
            }

            using (code.Open($"catch (global::System.Exception error) when ({SnapshotFormat}.IsDecodingError(error))"))
                code.Line($"throw {SnapshotFormat}.Undecodable({name}, {Quote(member.Name)}, error);");
            code.Separate();
            code.Line("break;");
        }
    }

    private static void EmitCodecs(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        if (!machine.Types.Any(static type => !type.IsOnWire && CodecEmitter.HasCodec(type)))
            return;
        code.Separate();
        code.Line("/// <summary>The codecs of types that only the state is made of.</summary>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open("private static class SnapshotCodecs"))
        {
            foreach (TypeModel type in machine.Types.Where(static type => !type.IsOnWire))
                CodecEmitter.Emit(code, type, codecs.Within("SnapshotCodecs"));
        }
    }
}
