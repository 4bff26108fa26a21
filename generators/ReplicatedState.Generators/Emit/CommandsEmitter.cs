using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits {Name}Commands: commands with their arguments, for whoever has them executed later or together.</summary>
internal static class CommandsEmitter
{
    private const string Command = "global::ReplicatedState.MachineCommand";

    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        code.Line($"/// <summary>The commands of <c>{machine.Name.Replace("<", "&lt;")}</c> with their arguments, for <see cref=\"global::ReplicatedState.CommandContext.Schedule\"/> and <see cref=\"global::ReplicatedState.CommandBatch\"/>.</summary>");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open($"{machine.Accessibility} static class {machine.CommandFactory()}"))
        {
            foreach (CallModel call in machine.Commands.Where(static command => !command.IsRetired))
                EmitCommand(code, machine, call, codecs);
        }
    });

    private static void EmitCommand(CodeWriter code, MachineModel machine, CallModel call, CodecCalls codecs)
    {
        ParameterModel[] arguments = [.. call.Parameters.Where(static p => !p.IsContext)];
        var names = new LocalNames([.. arguments.Select(static a => a.Name)]);
        string bytes = names.Take("bytes");
        string writer = names.Take("writer");
        string parameters = string.Join(", ", arguments.Select(static a => $"{a.TypeName} {a.Name}{(a.DefaultValue is null ? "" : $" = {a.DefaultValue}")}"));
        code.Separate();
        code.Line($"/// <summary>The command <c>{call.Name.Replace("<", "&lt;")}</c>.</summary>");
        string type = call.Result is null ? Command : $"{Command}<{call.ResultTypeName}>";
        using (code.Open($"public static {type} {call.Identifier}({parameters})"))
        {
            code.Line($"var {bytes} = new global::System.Buffers.ArrayBufferWriter<byte>();");
            code.Line($"var {writer} = new {Writer}({bytes});");
            code.Line($"{machine.Wire()}.{call.Envelope()}.Write(ref {writer}{string.Concat(arguments.Select(static a => $", {a.Name}"))});");
            code.Line($"{writer}.Flush();");
            string since = $"{call.Since}";
            if (arguments.Any(static argument => argument.Since > 0))
            {
                string count = names.Take("argumentCount");
                since = call.RequiredVersion().Replace("argumentCount", count);
                code.Line($"int {count} = new {Reader}({bytes}.WrittenMemory).ReadArrayHeader() - 1;");
            }

            string command = $"new {Command}({Quote(machine.Name)}, {Quote(call.Name)}, {since}, {bytes}.WrittenMemory)";
            code.Line(call.Result is { } result
                ? $"return new {type}({command}, static (ref {Reader} reader) => {codecs.Read(result, $"{DecodeOrigin}.Reply")});"
                : $"return {command};");
        }
    }
}
