using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Parsing;

/// <summary>From the methods with [Migrate] to their models.</summary>
internal static class MigrationParser
{
    public static EquatableArray<MigrationModel> Parse(INamedTypeSymbol machine, int machineVersion, DefectList defects)
    {
        var migrations = new SortedDictionary<int, MigrationModel>();
        foreach (IMethodSymbol method in machine.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.FindAttribute(KnownNames.MigrateAttribute) is not { ConstructorArguments: { Length: 2 } arguments } attribute
                || arguments[0].Value is not int from || arguments[1].Value is not int to)
                continue;
            string? flaw = from < 1 || to > machineVersion ? $"it leads from {from} to {to}, and the machine has the versions 1 to {machineVersion}"
                : to != from + 1 ? $"it leads from {from} to {to}; a migration leads to the next version, and several follow one another"
                : ShapeFlaw(method) ?? (migrations.TryGetValue(to, out MigrationModel? other) ? $"'{other.Method}' leads to version {to} already" : null);
            if (flaw is not null)
                defects.Add(DefectKind.InvalidMigration, attribute.FirstLocation(), method.Name, flaw);
            else
                migrations.Add(to, new MigrationModel(method.Name, to, TakesContext: method.Parameters.Length == 1));
        }

        return migrations.Values.ToEquatableArray();
    }

    private static string? ShapeFlaw(IMethodSymbol method)
    {
        if (method.IsStatic || method.IsGenericMethod || method.IsAbstract || method.MethodKind != MethodKind.Ordinary)
            return "it is not an ordinary instance method";
        if (!method.ReturnsVoid || method.IsAsync)
            return "it doesn't return void at once: it changes the state in place";
        if (method.HasAttribute(KnownNames.CommandAttribute) || method.HasAttribute(KnownNames.QueryAttribute))
            return "it is a command or query too";
        bool takesOnlyContext = method.Parameters.All(static parameter =>
            parameter is { RefKind: RefKind.None, Type: INamedTypeSymbol type } && type.ToMetadataName() == KnownNames.CommandContext);
        return method.Parameters.Length <= 1 && takesOnlyContext ? null : "it takes something else than a CommandContext";
    }
}
