using System.Linq;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Generators.Parsing;

/// <summary>Which machine version added a parameter to its command.</summary>
internal static class ParameterVersions
{
    /// <summary>The version, or 0 for a parameter that came with the command.</summary>
    public static int Of(IParameterSymbol parameter) =>
        parameter.FindAttribute(KnownNames.SinceAttribute) is { ConstructorArguments: { Length: 1 } arguments } && arguments[0].Value is int version ? version : 0;

    /// <summary>What was added later comes later and can be left out: only the end of a command's arguments can be.</summary>
    public static void Check(IMethodSymbol method, bool isCommand, int commandSince, int machineVersion, DefectList defects)
    {
        int latest = 0;
        foreach (IParameterSymbol parameter in method.Parameters.Where(static parameter =>
            parameter.Type is not INamedTypeSymbol named || named.ToMetadataName() != KnownNames.CommandContext))
        {
            AttributeData? attribute = parameter.FindAttribute(KnownNames.SinceAttribute);
            int since = Of(parameter);
            string? flaw = attribute is null
                ? latest > 0 ? "it follows a parameter that a later version added, so it says [Since] too" : null
                : !isCommand ? "a query passes over arguments that it doesn't know, so its parameters have no versions"
                : !parameter.HasExplicitDefaultValue ? "what was added later needs a default value, which it has in entries that lack it"
                : since <= commandSince || since > machineVersion ? $"the version is above the command's own, {commandSince}, and at most the machine's, {machineVersion}"
                : since < latest ? "parameters come in the order of their versions"
                : null;
            if (flaw is not null)
                defects.Add(DefectKind.InvalidParameterSince, attribute?.FirstLocation() ?? parameter.FirstLocation(), parameter.Name, method.Name, flaw);
            latest = System.Math.Max(latest, since);
        }
    }
}
