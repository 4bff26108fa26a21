using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits both ends of queries that give a sequence: the machine's, which writes items into pages, and the client's, which reads them.</summary>
internal static class PagedQueryEmitter
{
    private const string Contract = "global::ReplicatedState.IStateMachine";

    /// <summary>Emits QueryPages, where the machine has such queries.</summary>
    public static void EmitDispatch(CodeWriter code, MachineModel machine, CodecCalls codecs)
    {
        CallModel[] queries = [.. machine.Queries.Where(static query => query.IsPaged)];
        if (queries.Length == 0)
            return;
        code.BeginContractMember();
        using (code.Open($"void {Contract}.QueryPages(ref {Reader} query, {Pages}.PageWriter pages)"))
        {
            code.Line($"uint id = {CallFormat}.ReadHeader(ref query, out int argumentCount);");
            using (code.Open("switch (id)"))
            {
                foreach (CallModel query in queries)
                    EmitCase(code, machine, query, codecs);
                code.Separate();
                code.Line("default:");
                code.Line($"    throw {CallFormat}.UnknownPagedQuery({Quote(machine.Name)}, id);");
            }
        }
    }

    /// <summary>Emits the client's method. What it returns encodes the arguments anew each time that it is enumerated.</summary>
    public static void EmitCall(
        CodeWriter code, MachineModel machine, CallModel call, CodecCalls codecs, string signature, (string Consistency, string Cancellation, string Request, string Writer) names, string consistency)
    {
        string arguments = string.Concat(call.Parameters.Where(static p => !p.IsContext).Select(static p => $", {p.Name}"));
        using (code.Open($"public {signature}"))
        {
            code.Line($"return {Pages}.PagedQuery.ReadAsync<{call.ItemTypeName}>(");
            code.Line("    _channel,");
            code.Line($"    {names.Request} =>");
            code.Line("    {");
            code.Line($"        var {names.Writer} = new {Writer}({names.Request});");
            code.Line($"        {machine.Wire()}.{call.Envelope()}.Write(ref {names.Writer}{arguments});");
            code.Line($"        {names.Writer}.Flush();");
            code.Line("    },");
            code.Line($"    {names.Consistency} ?? {consistency},");
            code.Line($"    ReadItemOf{call.Envelope()},");
            code.Line($"    {Quote(call.Described())},");
            code.Line($"    {names.Cancellation});");
        }

        code.Separate();
        code.Line($"private static {call.ItemTypeName} ReadItemOf{call.Envelope()}(ref {Reader} reader) => {codecs.Read(call.Result!.Value, $"{DecodeOrigin}.Reply")};");
    }

    private static void EmitCase(CodeWriter code, MachineModel machine, CallModel call, CodecCalls codecs)
    {
        string envelope = $"{machine.Wire()}.{call.Envelope()}";
        string arguments = string.Join(", ", call.Parameters.Select(static p => p.IsContext ? "context" : $"call.{p.PropertyName}"));
        code.Separate();
        using (code.Open($"case {envelope}.Id:"))
        {
            code.Line($"{(call.Parameters.Any(static p => !p.IsContext) ? $"{envelope} call = " : "")}{envelope}.Read(ref query, argumentCount);");
            code.Line($"using var items = new {Pages}.SynchronousItems<{call.ItemTypeName}>(this.{Escaped(call.Method)}({arguments}), {Quote(call.Described())});");
            using (code.Open($"while (items.TryNext(out {call.ItemTypeName} item))"))
            {
                code.Line($"var writer = new {Writer}(pages);");
                code.Line(codecs.Write(call.Result!.Value, "item"));
                code.Line("writer.Flush();");
                code.Line("pages.EndItem();");
            }

            code.Separate();
            code.Line("break;");
        }
    }
}
