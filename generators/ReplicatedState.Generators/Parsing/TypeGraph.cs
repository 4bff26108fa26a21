using System;
using System.Collections.Generic;
using System.Linq;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>What follows for a type from the types that it consists of.</summary>
internal static class TypeGraph
{
    /// <summary>Fills in recursion and dependence on the origin.</summary>
    public static EquatableArray<TypeModel> Complete(List<TypeModel> table)
    {
        bool[] dependent = DependenceOnOrigin(table);
        for (int i = 0; i < table.Count; i++)
            table[i] = table[i] with { DependsOnOrigin = dependent[i], IsRecursive = Reaches(table, i, i) };
        bool[] counting = Closure(table, static type => type!.IsRecursive);
        for (int i = 0; i < table.Count; i++)
            table[i] = table[i] with { CountsDepth = counting[i] };
        return table.ToEquatableArray();
    }

    /// <summary>The types that something of this type consists of.</summary>
    public static IEnumerable<TypeUse> Parts(TypeModel type) =>
        type.Arguments.Concat(type.Members.Where(static member => member.Role != MemberRole.Hole).Select(static member => member.Type));

    /// <summary>Which types have a property, or hold a type that has it. A place whose type could not be parsed is null.</summary>
    public static bool[] Closure(List<TypeModel> table, Func<TypeModel?, bool> has)
    {
        bool[] found = [.. table.Select(has)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < found.Length; i++)
            {
                if (!found[i] && table[i] is { } type && Parts(type).Any(part => found[part.Type]))
                    found[i] = changed = true;
            }
        }

        return found;
    }

    /// <summary>Objects forgive surplus, places for non-null references forgive nil, and what holds one of them hands the origin on.</summary>
    private static bool[] DependenceOnOrigin(List<TypeModel> table)
    {
        bool[] depends = [.. table.Select(static type => type.Shape == TypeShape.Object)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < depends.Length; i++)
            {
                if (!depends[i] && Parts(table[i]).Any(part => depends[part.Type] || (table[part.Type].IsReference && !part.IsNullable)))
                    depends[i] = changed = true;
            }
        }

        return depends;
    }

    private static bool Reaches(List<TypeModel> table, int from, int target)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>([from]);
        while (open.Count > 0)
        {
            foreach (TypeUse part in Parts(table[open.Pop()]))
            {
                if (part.Type == target)
                    return true;
                if (seen.Add(part.Type))
                    open.Push(part.Type);
            }
        }

        return false;
    }
}
