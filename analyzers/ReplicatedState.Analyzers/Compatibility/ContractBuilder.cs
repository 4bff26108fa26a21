using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>From a machine to the lines of its contract.</summary>
internal static class ContractBuilder
{
    /// <summary>The lines, each with the symbol that it speaks of.</summary>
    public static IReadOnlyList<(ContractEntry Entry, ISymbol Symbol)> Build(MachineModel machine, INamedTypeSymbol symbol, Compilation compilation)
    {
        var entries = new List<(ContractEntry, ISymbol)>();
        Add($"machine {machine.Version}", symbol);
        foreach (CallModel call in machine.Commands)
            Add($"command {Describe(call)}", FindMember(symbol, call.Method, call.Name, KnownNames.CommandAttribute));
        foreach (CallModel call in machine.Queries)
            Add($"query {Describe(call)}", FindMember(symbol, call.Method, call.Name, KnownNames.QueryAttribute));
        foreach (EventModel item in machine.Events)
            Add($"event {Key(item.Id)} {item.Name}: {Plain(item.TypeName)}{Mark("since", item.Since, 1)}", symbol);
        foreach (StateMemberModel member in machine.State)
            Add($"state {Key(member.Key)} {member.Name}: {Plain(member.TypeName)}{Mark("since", member.Since, 1)}{Mark("until", member.Until, 0)}", FindMember(symbol, member.Member, member.Name, KnownNames.StateAttribute));
        foreach (TypeModel type in machine.Types.OrderBy(static type => type.TypeName, StringComparer.Ordinal))
        {
            INamedTypeSymbol? declared = type.Shape is TypeShape.Object or TypeShape.Union or TypeShape.Enum ? FindType(compilation, type.TypeName) : null;
            if (type.Shape == TypeShape.Object)
                Add($"object {Plain(type.TypeName)} {{ {string.Join(", ", type.Members.Select(Describe))} }}", declared);
            else if (type.Shape == TypeShape.Union)
                Add($"union {Plain(type.TypeName)} {{ {string.Join(", ", type.CaseNumbers.Zip(type.Arguments, (number, use) => $"{Plain(machine.Types[use.Type].TypeName)} = {number}"))} }}", declared);
            else if (type.Shape == TypeShape.Enum && declared is { TypeKind: TypeKind.Enum })
                Add($"enum {Plain(type.TypeName)} {{ {string.Join(", ", Constants(declared))} }}", declared);
        }

        return entries;

        void Add(string rest, ISymbol? place)
        {
            if (ContractLine.Parse($"{machine.Name}: {rest}") is { } entry)
                entries.Add((entry, place is { } known && known.Locations.Any(static location => location.IsInSource) ? known : symbol));
        }
    }

    /// <summary>The types that the log, the state or the hash of what was applied is made of, by their names in the contract.</summary>
    public static ISet<string> Frozen(MachineModel machine)
    {
        var reached = new HashSet<int>();
        var open = new Stack<TypeUse>(machine.State.Select(static member => member.Type));
        foreach (EventModel item in machine.Events)
            open.Push(item.Type);
        foreach (CallModel command in machine.Commands)
        {
            foreach (TypeUse use in command.Parameters.Select(static parameter => parameter.Type).Append(command.Result).OfType<TypeUse>())
                open.Push(use);
        }

        while (open.Count > 0)
        {
            int index = open.Pop().Type;
            if (!reached.Add(index))
                continue;
            foreach (TypeUse part in TypeGraph.Parts(machine.Types[index]))
                open.Push(part);
        }

        return new HashSet<string>(reached.Select(index => Plain(machine.Types[index].TypeName)), StringComparer.Ordinal);
    }

    private static string Describe(CallModel call)
    {
        IEnumerable<string> parameters = call.Parameters.Where(static parameter => !parameter.IsContext).Select(static parameter =>
            $"{Plain(parameter.TypeName)} {parameter.Name}{(parameter.DefaultValue is null ? "" : $" = {Plain(parameter.DefaultValue)}")}{Mark("since", parameter.Since, 0)}");
        return $"{Key(call.Id)} {call.Name}({string.Join(", ", parameters)}) -> {Plain(call.ResultTypeName)}{Mark("since", call.Since, 1)}";
    }

    private static string Describe(MemberModel member) => member.Role == MemberRole.Hole ? "-" : $"{Plain(member.TypeName)} {member.Name}{(member.Key.Length == 0 || member.Key == member.Name ? "" : $" as {member.Key}")}";

    private static IEnumerable<string> Constants(INamedTypeSymbol enumeration) =>
        enumeration.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue).Select(static field => $"{field.Name} = {field.ConstantValue}");

    /// <summary>Hashes in hexadecimal, explicit numbers as such.</summary>
    private static string Key(uint id) => id < 0x8000_0000 ? $"{id}" : $"0x{id:X8}";

    private static string Mark(string word, int version, int unless) => version == unless ? "" : $" {word} {version}";

    private static string Plain(string typeName) => typeName.Replace("global::", "");

    private static ISymbol? FindMember(INamedTypeSymbol machine, string member, string name, string attribute)
    {
        ISymbol[] candidates = [.. machine.GetMembers(member).Where(candidate => candidate.HasAttribute(attribute))];
        return candidates.FirstOrDefault(candidate => candidate.FindAttribute(attribute)!.Named<string?>("Name", null) == name) ?? candidates.FirstOrDefault();
    }

    /// <summary>The type of a name as it is written in C#, where nested types follow a full stop too.</summary>
    private static INamedTypeSymbol? FindType(Compilation compilation, string typeName)
    {
        string name = Plain(typeName);
        while (true)
        {
            if (compilation.GetTypeByMetadataName(name) is { } type)
                return type;
            int separator = name.LastIndexOf('.');
            if (separator < 0)
                return null;
            name = $"{name.Substring(0, separator)}+{name.Substring(separator + 1)}";
        }
    }
}
