using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits Apply, Query and ValidateCommand: one switch each over the ids.</summary>
internal static class DispatchEmitter
{
    private const string Contract = "global::ReplicatedState.IStateMachine";

    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        using (code.Open($"partial class {Escaped(machine.ClassName)} : global::ReplicatedState.IReplicatedStateMachine<{machine.FullName()}>"))
        {
            EmitSwitch(code, machine, codecs, isCommand: true);
            EmitSwitch(code, machine, codecs, isCommand: false);
            PagedQueryEmitter.EmitDispatch(code, machine, codecs);
            EmitValidate(code, machine);
        }
    });

    private static void EmitSwitch(CodeWriter code, MachineModel machine, CodecCalls codecs, bool isCommand)
    {
        string reader = isCommand ? "command" : "query";
        code.BeginContractMember();
        using (code.Open(isCommand
            ? $"void {Contract}.Apply(ref {Reader} command, global::ReplicatedState.CommandContext context, ref {Writer} reply)"
            : $"void {Contract}.Query(ref {Reader} query, ref {Writer} reply)"))
        {
            if (!isCommand && machine.Queries.Count == 0)
            {
                code.Line($"throw {CallFormat}.UnknownQuery({Quote(machine.Name)}, {CallFormat}.ReadHeader(ref query, out _));");
                return;
            }

            code.Line($"uint id = {CallFormat}.ReadHeader(ref {reader}, out int argumentCount);");
            using (code.Open("switch (id)"))
            {
                foreach (CallModel call in isCommand ? machine.Commands : machine.Queries)
                    EmitCase(code, machine, call, codecs, reader);
                code.Separate();
                code.Line("default:");
                code.Line($"    throw {CallFormat}.{(isCommand ? "UnknownCommand" : "UnknownQuery")}({Quote(machine.Name)}, id);");
            }
        }
    }

    private static void EmitCase(CodeWriter code, MachineModel machine, CallModel call, CodecCalls codecs, string reader)
    {
        string envelope = $"{machine.Wire()}.{call.Envelope()}";
        string arguments = string.Join(", ", call.Parameters.Select(static p => p.IsContext ? "context" : $"call.{p.PropertyName}"));
        code.Separate();
        if (call.IsPaged)
        {
            code.Line($"case {envelope}.Id:");
            code.Line($"    throw {CallFormat}.AnswersInPages({Quote(machine.Name)}, {Quote(call.Name)});");
            return;
        }

        using (code.Open($"case {envelope}.Id:"))
        {
            bool hasArguments = call.Parameters.Any(static parameter => !parameter.IsContext);
            code.Line($"{(hasArguments ? $"{envelope} call = " : "")}{envelope}.Read(ref {reader}, argumentCount);");
            if (call.Result is { } result)
            {
                code.Line($"{call.ResultTypeName} result = this.{Escaped(call.Method)}({arguments});");
                code.Line(codecs.Write(result, "result", "reply"));
            }
            else
            {
                code.Line($"this.{Escaped(call.Method)}({arguments});");
                code.Line("reply.WriteNil();");
            }

            code.Line("break;");
        }
    }

    private static void EmitValidate(CodeWriter code, MachineModel machine)
    {
        code.BeginContractMember();
        using (code.Open($"static int global::ReplicatedState.IReplicatedStateMachine<{machine.FullName()}>.ValidateCommand(ref {Reader} command)"))
        {
            code.Line($"uint id = {CallFormat}.ReadHeader(ref command, out int argumentCount);");
            using (code.Open("switch (id)"))
            {
                foreach (CallModel call in machine.Commands)
                {
                    string envelope = $"{machine.Wire()}.{call.Envelope()}";
                    code.Line($"case {envelope}.Id:");
                    if (call.IsRetired)
                    {
                        code.Line($"    throw {CallFormat}.RetiredCommand({Quote(machine.Name)}, {Quote(call.Name)});");
                        continue;
                    }

                    code.Line($"    {envelope}.Read(ref command, argumentCount);");
                    code.Line($"    return {call.RequiredVersion()};");
                }

                code.Line("default:");
                code.Line($"    throw {CallFormat}.UnknownCommand({Quote(machine.Name)}, id);");
            }
        }
    }
}
