using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits WriteEvent; null for a machine that emits none.</summary>
internal static class EventEmitter
{
    public static string? Emit(MachineModel machine, CodecCalls codecs) => machine.Events.Count == 0 ? null : SourceFile.Emit(machine, code =>
    {
        using (code.Open($"partial class {Escaped(machine.ClassName)}"))
        {
            code.BeginContractMember();
            using (code.Open($"bool global::ReplicatedState.IStateMachine.WriteEvent<TEvent>(TEvent value, int version, ref {Writer} writer, out uint id)"))
            {
                // Of two types that fit, the one that the call names is meant.
                EventModel[] open = [.. machine.Events.Where(static item => item.IsOpen)];
                foreach (EventModel item in machine.Events.Where(item => !item.IsOpen || open.Length > 1))
                    EmitCase(code, item, codecs, item.IsOpen ? $"typeof(TEvent) == typeof({item.TypeName}) && " : "", $"the{item.Identifier}");
                foreach (EventModel item in open)
                    EmitCase(code, item, codecs, "", $"any{item.Identifier}");
                code.Line($"throw {CallFormat}.UndeclaredEvent({Quote(machine.Name)}, typeof(TEvent));");
            }
        }
    });

    private static void EmitCase(CodeWriter code, EventModel item, CodecCalls codecs, string condition, string local)
    {
        using (code.Open($"if ({condition}value is {item.TypeName} {local})"))
        {
            code.Line($"id = {Literal(item.Id)}; // {item.Name}");
            if (item.Since > 1)
            {
                code.Line($"if (version < {item.Since})");
                code.Line("    return false;");
                code.Separate();
            }

            code.Line(codecs.Write(item.Type, local));
            code.Line("return true;");
        }

        code.Separate();
    }
}
