using System;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the codec of a union: <c>[number of the case, value]</c>.</summary>
internal static class UnionCodecEmitter
{
    public static void Emit(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (CodecEmitter.OpenWrite(code, type))
        {
            CodecEmitter.WriteNil(code);
            EmitSwitch(code, type, codecs, static (code, calls, number, use) =>
            {
                code.Line("writer.WriteArrayHeader(2);");
                code.Line($"writer.Write({number});");
                code.Line(calls.Write(use, "some"));
            });
        }

        using (CodecEmitter.OpenRead(code, type))
        {
            code.Line("if (reader.TryReadNil())", "return null;");
            code.Separate();
            code.Line($"{ValueFormat}.ReadTupleHeader(ref reader, 2);");
            code.Line("int number = reader.ReadInt32();");
            using (code.Open("switch (number)"))
            {
                for (int i = 0; i < type.Arguments.Count; i++)
                    code.Line($"case {type.CaseNumbers[i]}:", $"return {codecs.Read(type.Arguments[i], "origin")};");
                code.Line("default:", $"throw {ValueFormat}.UnknownCase(number, {Quote(type.Identifier)});");
            }
        }
    }

    /// <summary>A switch over the exact type of <c>value</c>, whose case names it <c>some</c>.</summary>
    public static void EmitSwitch(CodeWriter code, TypeModel type, CodecCalls codecs, Action<CodeWriter, CodecCalls, int, TypeUse> emit)
    {
        using (code.Open("switch (value)"))
        {
            for (int i = 0; i < type.Arguments.Count; i++)
            {
                TypeModel alternative = codecs[type.Arguments[i]];

                // One case may derive from another.
                string exactly = alternative.IsReference ? $" when some.GetType() == typeof({alternative.TypeName})" : "";
                code.Separate();
                using (code.Open($"case {alternative.TypeName} some{exactly}:"))
                {
                    emit(code, codecs, type.CaseNumbers[i], type.Arguments[i]);
                    code.Line("break;");
                }
            }

            code.Separate();
            code.Line("default:", $"throw {ValueFormat}.NoCase(value, typeof({type.TypeName}));");
        }
    }
}
