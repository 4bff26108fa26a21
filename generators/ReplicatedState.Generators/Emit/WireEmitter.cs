using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits {Name}Wire: an envelope per command and query.</summary>
internal static class WireEmitter
{
    public static string Emit(MachineModel machine, CodecCalls codecs) => SourceFile.Emit(machine, code =>
    {
        code.Line($"/// <summary>What the calls of {machine.ClassName} look like on the wire and in the log.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line(SourceFile.GeneratedCode);
        using (code.Open($"internal static class {machine.Wire()}"))
        {
            foreach (CallModel call in machine.Commands.Concat(machine.Queries))
                EmitEnvelope(code, call, codecs);
        }
    });

    private static void EmitEnvelope(CodeWriter code, CallModel call, CodecCalls codecs)
    {
        List<ParameterModel> arguments = [.. call.Parameters.Where(static parameter => !parameter.IsContext)];
        code.Separate();
        code.Line($"/// <summary>[id, {string.Join(", ", arguments.Select(NameOf))}]: {call.Described()}.</summary>".Replace("[id, ]", "[id]"));
        using (code.Open($"internal readonly struct {call.Envelope()}"))
        {
            code.Line($"internal const uint Id = {Literal(call.Id)};");
            foreach (ParameterModel argument in arguments)
                code.Line($"internal readonly {argument.TypeName} {argument.PropertyName};");
            if (arguments.Count > 0)
                EmitConstructor(code, call, arguments);
            EmitWrite(code, arguments, codecs);
            EmitRead(code, call, arguments, codecs);
        }
    }

    private static void EmitConstructor(CodeWriter code, CallModel call, List<ParameterModel> arguments)
    {
        code.Separate();
        using (code.Open($"private {call.Envelope()}({string.Join(", ", arguments.Select(static a => $"{a.TypeName} {a.Name}"))})"))
        {
            foreach (ParameterModel argument in arguments)
                code.Line($"this.{argument.PropertyName} = {argument.Name};");
        }
    }

    private static void EmitWrite(CodeWriter code, List<ParameterModel> arguments, CodecCalls codecs)
    {
        // Where a parameter has the writer's name, the writer gives way.
        var names = new LocalNames([.. arguments.Select(static a => a.Name)]);
        string writer = names.Take("writer");
        code.Separate();
        string parameters = string.Concat(arguments.Select(static a => $", {a.TypeName} {a.Name}"));
        using (code.Open($"internal static void Write(ref {Writer} {writer}{parameters})"))
        {
            int always = arguments.Count(static argument => argument.Since == 0);
            string count = $"{arguments.Count}";
            if (always < arguments.Count)
                EmitCount(code, arguments, always, count = names.Take("count"));
            code.Line($"{CallFormat}.WriteHeader(ref {writer}, Id, {count});");
            for (int i = 0; i < arguments.Count; i++)
            {
                string write = codecs.Write(arguments[i].Type!.Value, arguments[i].Name, writer);
                if (i < always)
                    code.Line(write);
                else
                    code.Line($"if ({count} > {i})", write);
            }
        }
    }

    /// <summary>Arguments that a later version added are left out where they have their default, so that they can be sent before the version is in effect.</summary>
    private static void EmitCount(CodeWriter code, List<ParameterModel> arguments, int always, string count)
    {
        code.Line($"int {count} = {arguments.Count};");
        for (int i = arguments.Count - 1; i >= always; i--)
        {
            ParameterModel argument = arguments[i];
            code.Line(
                $"if ({count} == {i + 1} && global::System.Collections.Generic.EqualityComparer<{argument.TypeName}>.Default.Equals({argument.Name}, {argument.DefaultValue}))",
                $"{count} = {i};");
        }
    }

    private static void EmitRead(CodeWriter code, CallModel call, List<ParameterModel> arguments, CodecCalls codecs)
    {
        string described = Quote(call.Described());
        code.Separate();
        using (code.Open($"internal static {(arguments.Count == 0 ? "void" : call.Envelope())} Read(ref {Reader} reader, int argumentCount)"))
        {
            if (call.IsCommand())
            {
                code.Line($"if (argumentCount > {arguments.Count})", $"throw {CallFormat}.Surplus({described}, {arguments.Count}, argumentCount);");
            }

            int required = arguments.FindLastIndex(static argument => argument.DefaultValue is null) + 1;
            if (required > 0)
            {
                code.Line($"if (argumentCount < {required})", $"throw {CallFormat}.TooFew({described}, {required}, argumentCount);");
            }

            code.Separate();
            if (arguments.Count == 0)
            {
                EmitSkip(code, call, known: 0);
                return;
            }

            EmitDecoding(code, call, arguments, codecs, required);
        }
    }

    private static void EmitDecoding(
        CodeWriter code, CallModel call, List<ParameterModel> arguments, CodecCalls codecs, int required)
    {
        var names = new LocalNames("reader", "argumentCount", "argument", "error", "origin");
        if (arguments.Any(argument => codecs.AsksOrigin(argument.Type!.Value)))
            code.Line($"const {DecodeOrigin} origin = {DecodeOrigin}.{(call.IsCommand() ? "Command" : "Query")};");
        code.Line($"string argument = {Quote(NameOf(arguments[0]))};");
        using (code.Open("try"))
        {
            var locals = new List<string>();
            for (int i = 0; i < arguments.Count; i++)
            {
                TypeUse use = arguments[i].Type!.Value;
                string local = names.Take(arguments[i].Name);
                string read = codecs.Read(use, "origin");
                if (i > 0)
                    code.Line($"argument = {Quote(NameOf(arguments[i]))};");
                code.Line($"{arguments[i].TypeName} {local} = {(i < required ? read : $"argumentCount > {i} ? {read} : {arguments[i].DefaultValue}")};");
                locals.Add(local);
            }

            EmitSkip(code, call, arguments.Count);
            code.Line($"return new {call.Envelope()}({string.Join(", ", locals)});");
        }

        using (code.Open($"catch (global::System.Exception error) when ({CallFormat}.IsDecodingError(error))"))
            code.Line($"throw {CallFormat}.Undecodable({Quote(call.Described())}, argument, error);");
    }

    private static void EmitSkip(CodeWriter code, CallModel call, int known)
    {
        if (!call.IsCommand())
            code.Line($"{CallFormat}.SkipSurplus(ref reader, {Quote(call.Described())}, argumentCount, {known});");
    }

    private static string NameOf(ParameterModel argument) => argument.Name.TrimStart('@');
}
