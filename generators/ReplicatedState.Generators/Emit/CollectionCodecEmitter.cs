using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;
using static ReplicatedState.Generators.Emit.GeneratedNames;

namespace ReplicatedState.Generators.Emit;

/// <summary>Emits the codecs of collections that are filled element by element.</summary>
internal static class CollectionCodecEmitter
{
    public static void EmitSequence(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse element = type.Arguments[0];
        using (CodecEmitter.OpenWrite(code, type))
        {
            BeginWrite(code, type, codecs, "WriteArrayHeader");
            code.Line(ForEach(type, codecs), codecs.Write(element, "element"));
        }

        using (OpenRead(code, type))
        {
            string target = BeginRead(code, type, codecs, "ReadArrayHeader");
            string add = $"{target}.{type.Collection!.Add}";
            string read = codecs.Read(element, "origin");
            if (type.Collection.Filling == CollectionFilling.Backward)
            {
                // A stack is written from its top, and has to be pushed from its bottom.
                code.Line($"var elements = new global::System.Collections.Generic.List<{codecs.TypeName(element)}>({ValueFormat}.Capacity(count));");
                code.Line("for (int i = 0; i < count; i++)", $"elements.Add({read});");
                code.Separate();
                code.Line("for (int i = count - 1; i >= 0; i--)", $"{add}(elements[i]);");
            }
            else
            {
                code.Line("for (int i = 0; i < count; i++)", type.Shape == TypeShape.Set ? $"{ValueFormat}.RequireNew({add}({read}));" : $"{add}({read});");
            }

            EndRead(code, type, target);
        }
    }

    public static void EmitMap(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        TypeUse key = type.Arguments[0];
        TypeUse value = type.Arguments[1];
        using (CodecEmitter.OpenWrite(code, type))
        {
            BeginWrite(code, type, codecs, "WriteMapHeader");
            using (code.Open(ForEach(type, codecs)))
            {
                code.Line(codecs.Write(key, "pair.Key"));
                code.Line(codecs.Write(value, "pair.Value"));
            }
        }

        using (OpenRead(code, type))
        {
            string target = BeginRead(code, type, codecs, "ReadMapHeader");
            bool isSorted = type.Collection!.Filling == CollectionFilling.Sorted;
            if (isSorted)
            {
                // Whatever order the pairs come in, they are added in that of the keys: anywhere else an array would have to make room.
                code.Line($"var sorted = new global::System.Collections.Generic.SortedDictionary{type.Collection.Arguments}({target}.Comparer);");
            }

            using (code.Open("for (int i = 0; i < count; i++)"))
            {
                code.Line($"{codecs.TypeName(key)} key = {codecs.Read(key, "origin")};");
                code.Line($"{(isSorted ? "sorted" : target)}.Add(key, {codecs.Read(value, "origin")});");
            }

            if (isSorted)
            {
                code.Separate();
                code.Line($"foreach (global::System.Collections.Generic.KeyValuePair{type.Collection.Arguments} pair in sorted)", $"{target}.Add(pair.Key, pair.Value);");
            }

            // A builder takes a pair twice without a word.
            if (IsBuilder(type))
            {
                code.Separate();
                code.Line($"{ValueFormat}.RequireCount({target}.Count, count);");
            }

            EndRead(code, type, target);
        }
    }

    /// <summary>
    /// A heap, in the order of its array. Which of several elements of one priority leaves first follows from their places there, and adding
    /// them in this order leaves every one in its place: none is less than the parent that stands before it.
    /// </summary>
    public static void EmitHeap(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        using (CodecEmitter.OpenWrite(code, type))
        {
            BeginWrite(code, type, codecs, "WriteArrayHeader");
            using (code.Open(ForEach(type, codecs)))
            {
                code.Line("writer.WriteArrayHeader(2);");
                code.Line(codecs.Write(type.Arguments[0], "element"));
                code.Line(codecs.Write(type.Arguments[1], "priority"));
            }
        }

        using (OpenRead(code, type))
        {
            string target = BeginRead(code, type, codecs, "ReadArrayHeader");
            using (code.Open("for (int i = 0; i < count; i++)"))
            {
                code.Line($"{ValueFormat}.ReadTupleHeader(ref reader, 2);");
                code.Line($"{codecs.TypeName(type.Arguments[0])} element = {codecs.Read(type.Arguments[0], "origin")};");
                code.Line($"{target}.Enqueue(element, {codecs.Read(type.Arguments[1], "origin")});");
            }

            EndRead(code, type, target);
        }
    }

    /// <summary>The expression that counts what a collection holds.</summary>
    public static string CountOf(TypeModel type) =>
        type.Collection is { HasCount: false } ? "global::System.Linq.Enumerable.Count(value)" : "value.Count";

    /// <summary>The head of a loop over <c>element</c>, over <c>pair</c>, or over <c>element</c> and <c>priority</c>.</summary>
    public static string ForEach(TypeModel type, CodecCalls codecs) => type.Shape switch
    {
        TypeShape.Map => $"foreach (global::System.Collections.Generic.KeyValuePair<{codecs.TypeName(type.Arguments[0])}, {codecs.TypeName(type.Arguments[1])}> pair in value)",
        TypeShape.Heap => $"foreach (({codecs.TypeName(type.Arguments[0])} element, {codecs.TypeName(type.Arguments[1])} priority) in value.UnorderedItems)",
        _ => $"foreach ({codecs.TypeName(type.Arguments[0])} element in value)",
    };

    private static bool IsBuilder(TypeModel type) => type.Collection!.Create.EndsWith(".CreateBuilder", System.StringComparison.Ordinal);

    /// <summary>What is compared: elements, keys or priorities.</summary>
    private static TypeUse Compared(TypeModel type) => type.Arguments[type.Shape == TypeShape.Heap ? 1 : 0];

    private static bool ComparesText(TypeModel type, CodecCalls codecs) =>
        type.Collection!.Comparer != CollectionComparer.None && codecs[Compared(type)].Shape == TypeShape.String;

    private static void BeginWrite(CodeWriter code, TypeModel type, CodecCalls codecs, string writeHeader)
    {
        CodecEmitter.WriteNil(code);
        if (!type.IsOnWire)
            WriteComparer(code, type, codecs);
        code.Line($"writer.{writeHeader}({CountOf(type)});");
    }

    /// <summary>Inside of the state, a comparer that isn't the default one stands before the elements, or is refused; a member's own comes from its initializer.</summary>
    private static void WriteComparer(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        CollectionModel collection = type.Collection!;
        string concrete = collection.Concrete + collection.Arguments;
        var lines = new List<string>();
        if (collection is { IsInterface: true, Comparer: not CollectionComparer.None } or { IsInterface: true, Refill: not CollectionRefill.Never })
            lines.Add($"{ValueFormat}.RequireExactType(value, typeof({concrete}));");
        string owner = collection.IsInterface ? $"(({concrete})value)" : "value";
        if (collection.Comparer != CollectionComparer.None)
        {
            string comparer = $"{owner}.{collection.ComparerProperty}";
            lines.Add(ComparesText(type, codecs)
                ? $"{ComparerFormat}.Write(ref writer, {comparer}, isMap: {(type.Shape == TypeShape.Map ? "true" : "false")});"
                : $"{ComparerFormat}.RequireDefault({comparer});");
        }

        if (type.Shape == TypeShape.Map && IsBuilder(type))
            lines.Add($"{ComparerFormat}.RequireDefault({owner}.ValueComparer);");
        foreach (string line in lines)
        {
            if (CodecCalls.ComparesInState(type))
                code.Line("if (!isMember)", line);
            else
                code.Line(line);
        }
    }

    private static CodeWriter.Block OpenRead(CodeWriter code, TypeModel type) =>
        CodecEmitter.OpenRead(code, type, type.IsRefilled ? $", {type.TypeName}? into = null" : "");

    /// <summary>Reads the header, makes what is filled, and returns the name of it.</summary>
    private static string BeginRead(CodeWriter code, TypeModel type, CodecCalls codecs, string readHeader)
    {
        code.Line("if (reader.TryReadNil())", "return null;");
        code.Separate();
        string? comparer = ReadComparer(code, type, codecs);
        code.Line($"int count = reader.{readHeader}();");
        CollectionModel collection = type.Collection!;
        bool handsOn = type.IsRefilled && collection.Refill == CollectionRefill.Comparers;
        if (handsOn && !IsBuilder(type))
            comparer = comparer is null ? "into?.Comparer" : $"into?.Comparer ?? {comparer}";
        string arguments = string.Join(", ", new[] { collection.TakesCapacity ? $"{ValueFormat}.Capacity(count)" : null, comparer }.Where(static argument => argument is not null));
        string create = $"{collection.Create}{collection.Arguments}({arguments})";
        if (type.IsRefilled && collection.Refill == CollectionRefill.InPlace)
        {
            code.Line("into?.Clear();");
            code.Line($"into ??= {create};");
            return "into";
        }

        code.Line($"var value = {(handsOn && IsBuilder(type) ? $"into?.Clear().ToBuilder() ?? " : "")}{create};");
        return "value";
    }

    /// <summary>The comparer that what is filled gets, or null for the default one.</summary>
    private static string? ReadComparer(CodeWriter code, TypeModel type, CodecCalls codecs)
    {
        CollectionComparer kind = type.Collection!.Comparer;
        if (kind == CollectionComparer.None)
            return null;
        if (!type.IsOnWire)
        {
            if (!ComparesText(type, codecs))
                return null;
            code.Line($"global::System.StringComparer? comparer = {ComparerFormat}.Read(ref reader, isMap: {(type.Shape == TypeShape.Map ? "true" : "false")});");
            return "comparer";
        }

        // The default order of text is that of a culture, and so of a process.
        if (kind == CollectionComparer.Order)
            return ComparesText(type, codecs) ? "global::System.StringComparer.Ordinal" : null;
        TypeUse compared = Compared(type);
        return codecs[compared].HasWeakHash ? $"{UntrustedComparer}.For<{codecs.TypeName(compared)}>()" : null;
    }

    private static void EndRead(CodeWriter code, TypeModel type, string target)
    {
        code.Separate();
        code.Line($"return {type.Collection!.Finish.Replace("{0}", target).Replace("{1}", type.Collection.Arguments)};");
    }
}
