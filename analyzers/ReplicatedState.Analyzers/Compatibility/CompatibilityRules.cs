using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>The rules that keep a new source able to read what an old one wrote. In messages {0} is what was changed.</summary>
internal static class CompatibilityRules
{
    public static readonly DiagnosticDescriptor NotInContract = Create(
        "RSM3001", "What a machine declares belongs into its contract", "The contract lacks {0} as it is declared here; its line is: {1}", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor Removed = Create(
        "RSM3002", "What was released must not vanish", "The source lacks {0}, which was released: logs and snapshots may hold it; put it back, or where none does any more, add the line '{1}'");

    public static readonly DiagnosticDescriptor Reused = Create(
        "RSM3003", "An identity that was given up must not be used again", "The identity of {0} belonged to '{1}', which old logs and snapshots may still hold; give it another name or number");

    public static readonly DiagnosticDescriptor ArgumentsChanged = Create(
        "RSM3004", "The arguments and the result of a released call must stay", "The encoding of {0} changed: {1}; entries of the log and older binaries have the old one, so undo it, or give the new one a name of its own");

    public static readonly DiagnosticDescriptor KindChanged = Create(
        "RSM3005", "A command must not become a query, nor a query a command", "Its number was released as that of {1}, and now it is {0}; give it another name or number");

    public static readonly DiagnosticDescriptor NameChanged = Create(
        "RSM3006", "A number must keep its name", "The number of {0} was released with the name '{1}', and snapshots in which it has another name are refused; set Name to the old name");

    public static readonly DiagnosticDescriptor KeyMoved = Create(
        "RSM3007", "What was released must keep its number", "The number of {0} was {1} when it was released, and logs and snapshots know it by that; give it that number again");

    public static readonly DiagnosticDescriptor EnumRenumbered = Create(
        "RSM3008", "The members of a released enumeration must keep their numbers", "The numbers of {0} changed: {1}; they are what logs and snapshots hold, so give every member its old number");

    public static readonly DiagnosticDescriptor StateRetyped = Create(
        "RSM3009", "A released state member must keep its type", "The type of {0} was {1} when it was released; end the old member with Until, begin a new one with Since, and write a [Migrate] method");

    public static readonly DiagnosticDescriptor ShapeChanged = Create(
        "RSM3010", "A released type must keep its shape", "The members of {0} changed: {1}; it is encoded by their order, so give the new shape a type of its own");

    public static readonly DiagnosticDescriptor InvalidLine = Create(
        "RSM3011", "A line of the contract is not valid", "'{0}' is not valid: {1}");

    public static readonly DiagnosticDescriptor NeedsVersion = Create(
        "RSM3012", "What is added to a released machine says since when", "Version {1} of the machine was released without {0}: raise Version, and say Since here, so that nobody uses it before every node knows it", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor MachineMissing = new(
        "RSM3013",
        "A released machine must not vanish",
        "The source has no machine with the name '{0}', which the contract speaks of and by which its logs and snapshots know it; give it that name again, or delete its lines with its data",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM3013.md",
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        NotInContract, Removed, Reused, ArgumentsChanged, KindChanged, NameChanged, KeyMoved, EnumRenumbered, StateRetyped, ShapeChanged, InvalidLine, NeedsVersion, MachineMissing,
    ];

    private const string Category = "ReplicatedState.Compatibility";

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: HelpLinks.Base + id + ".md");
}
