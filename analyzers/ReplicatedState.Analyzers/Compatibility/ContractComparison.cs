using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>What of a declaration breaks with what was released.</summary>
internal static class ContractComparison
{
    /// <summary>What is broken, or null.</summary>
    public static ContractBreak? FindBreak(ContractEntry now, ContractEntry released, int releasedVersion, bool isFrozen)
    {
        if (now.Kind != released.Kind)
            return new ContractBreak(CompatibilityRules.KindChanged, released.Described);
        if (now.Name != released.Name)
            return new ContractBreak(CompatibilityRules.NameChanged, released.Name, released.Name);
        string? added = null;
        string? change = now.Kind switch
        {
            ContractKind.Command => CallChange(now, released, releasedVersion, out added),
            ContractKind.Query => CallChange(now, released, releasedVersion: 0, out _),
            ContractKind.Event => now.Type == released.Type ? null : $"it was of type {released.Type}",
            ContractKind.State => now.Type == released.Type ? null : released.Type,
            ContractKind.Enum or ContractKind.Union => NumberChange(now, released),
            ContractKind.Object => ObjectChange(now, released, isFrozen),
            _ => null,
        };
        if (change is null)
            return null;
        DiagnosticDescriptor rule = now.Kind switch
        {
            ContractKind.State => CompatibilityRules.StateRetyped,
            ContractKind.Enum => CompatibilityRules.EnumRenumbered,
            ContractKind.Object or ContractKind.Union => CompatibilityRules.ShapeChanged,
            _ => CompatibilityRules.ArgumentsChanged,
        };
        return new ContractBreak(rule, change, now.Kind == ContractKind.Enum ? string.Join(", ", released.Parts) : added);
    }

    /// <summary>A command may get parameters at its end, each with a default value and a version after the released one; a query those with a default value.</summary>
    private static string? CallChange(ContractEntry now, ContractEntry released, int releasedVersion, out string? unversioned)
    {
        unversioned = null;
        Parameter[] after = [.. now.Parts.Select(Parameter.Parse)];
        Parameter[] before = [.. released.Parts.Select(Parameter.Parse)];
        if (after.Length < before.Length)
            return $"it has lost {before.Length - after.Length} of its {before.Length} parameters";
        if (before.Any(old => after.Any(parameter => parameter.Name == old.Name && System.Array.IndexOf(after, parameter) != System.Array.IndexOf(before, old))))
            return "its parameters have another order";
        for (int i = 0; i < before.Length; i++)
        {
            if (after[i].Type != before[i].Type)
                return $"the parameter '{before[i].Name}' was of type {before[i].Type}, and now is of type {after[i].Type}";
            if (before[i].Default != after[i].Default && before[i].Default.Length > 0)
                return $"the parameter '{before[i].Name}' had the default {before[i].Default}, which entries without it have";
        }

        foreach (Parameter added in after.Skip(before.Length))
        {
            if (added.Default.Length == 0)
                return $"the parameter '{added.Name}' is new and has no default value";
            if (now.Kind == ContractKind.Command && added.Since <= releasedVersion)
            {
                unversioned = added.Name;
                return $"the parameter '{added.Name}' is new and doesn't say [Since] with a version above {releasedVersion}";
            }
        }

        return now.Type == released.Type ? null : $"its result was {released.Type}";
    }

    private static string? NumberChange(ContractEntry now, ContractEntry released)
    {
        Dictionary<string, string> after = Numbers(now);
        foreach (KeyValuePair<string, string> old in Numbers(released))
        {
            if (!after.TryGetValue(old.Key, out string? number))
                return $"it has lost {old.Key}, {old.Value}";
            if (number != old.Value)
                return $"{old.Key} was {old.Value}, and now is {number}";
        }

        return null;
    }

    /// <summary>What only queries answer with may grow at its end, because clients pass over what they don't know.</summary>
    private static string? ObjectChange(ContractEntry now, ContractEntry released, bool isFrozen)
    {
        for (int i = 0; i < released.Parts.Count; i++)
        {
            string? after = i < now.Parts.Count ? now.Parts[i] : null;
            if (after != released.Parts[i])
                return $"member {i + 1} was '{released.Parts[i]}', and now {(after is null ? "there is none" : $"is '{after}'")}";
        }

        return isFrozen && now.Parts.Count > released.Parts.Count ? $"'{now.Parts[released.Parts.Count]}' is new, and binaries that lack it refuse it in commands and in the state" : null;
    }

    private static Dictionary<string, string> Numbers(ContractEntry entry)
    {
        var numbers = new Dictionary<string, string>();
        foreach (string[] pair in entry.Parts.Select(static part => part.Split(['='], 2)))
            numbers[pair[0].Trim()] = pair.Length == 2 ? pair[1].Trim() : "";
        return numbers;
    }

    /// <summary>A parameter as the contract has it: <c>type name = default since 2</c>.</summary>
    private sealed record Parameter(string Type, string Name, string Default, int Since)
    {
        public static Parameter Parse(string part)
        {
            int since = 0;
            int mark = part.LastIndexOf(" since ", System.StringComparison.Ordinal);
            if (mark >= 0 && int.TryParse(part.Substring(mark + 7), out since))
                part = part.Substring(0, mark);
            int equals = part.IndexOf(" = ", System.StringComparison.Ordinal);
            string value = equals < 0 ? "" : part.Substring(equals + 3);
            string declaration = equals < 0 ? part : part.Substring(0, equals);
            int space = declaration.LastIndexOf(' ');
            return new Parameter(space < 0 ? declaration : declaration.Substring(0, space), declaration.Substring(space + 1), value, since);
        }
    }
}
