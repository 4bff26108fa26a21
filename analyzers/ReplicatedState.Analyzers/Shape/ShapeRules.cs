using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using ReplicatedState.Generators.Parsing;

namespace ReplicatedState.Analyzers.Shape;

/// <summary>One rule for each way in which a class fails to be a machine.</summary>
internal static class ShapeRules
{
    public static readonly DiagnosticDescriptor NotPartial = new(
        "RSM0001",
        "A machine must be partial",
        "The machine '{0}' must be declared partial in all of its parts, so that its generated half can be added",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0001.md");

    public static readonly DiagnosticDescriptor WrongShape = new(
        "RSM0002",
        "A machine must be a plain class of its own",
        "The machine '{0}' {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0002.md");

    public static readonly DiagnosticDescriptor NoConstructor = new(
        "RSM0003",
        "A machine needs a public constructor without parameters",
        "The machine '{0}' needs a public constructor without parameters: it runs on every replica and at every restart",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0003.md");

    public static readonly DiagnosticDescriptor InvalidName = new(
        "RSM0004",
        "A machine needs a name and a version",
        "The [ReplicatedStateMachine] attribute is not valid: {0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0004.md");

    public static readonly DiagnosticDescriptor NoCommand = new(
        "RSM0005",
        "A machine needs a command",
        "The machine '{0}' has no [Command], so nothing can ever change its state; mark the methods that do",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0005.md");

    public static readonly DiagnosticDescriptor CommandAndQuery = new(
        "RSM0006",
        "A method is either a command or a query",
        "'{0}' is both [Command] and [Query]; remove [Query] if it changes the state, and [Command] if it doesn't",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0006.md");

    public static readonly DiagnosticDescriptor WrongMethodShape = new(
        "RSM0007",
        "A command or query must be an ordinary instance method",
        "'{0}' is {1}; a command or query is an ordinary instance method",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0007.md");

    public static readonly DiagnosticDescriptor AsynchronousCall = new(
        "RSM0008",
        "A command or query must be synchronous",
        "'{0}' is asynchronous ({1}), but a command has happened on a replica when its method returns; wait before the call, and pass what came of it as an argument",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0008.md");

    public static readonly DiagnosticDescriptor ByReferenceParameter = new(
        "RSM0009",
        "Parameters and results are passed by value",
        "The {1} of '{0}' is passed by reference, which a log can't carry; pass it by value, and return a tuple for several results",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0009.md");

    public static readonly DiagnosticDescriptor UnserializableType = new(
        "RSM0010",
        "A type can't be encoded",
        "{0} can't be encoded: {1} {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0010.md");

    public static readonly DiagnosticDescriptor InaccessibleType = new(
        "RSM0011",
        "A type is less accessible than the client",
        "{0} has the type {1}, which the generated client can't name because it is less accessible than the machine; make the two equally accessible",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0011.md");

    public static readonly DiagnosticDescriptor InvalidId = new(
        "RSM0012",
        "An explicit number is out of range",
        "The number of '{0}' is not valid: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0012.md");

    public static readonly DiagnosticDescriptor DuplicateIdentity = new(
        "RSM0013",
        "Two members have the same identity",
        "'{0}' has the same identity as '{1}' ({2}); give one of them another name or an explicit number",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0013.md");

    public static readonly DiagnosticDescriptor OverloadWithoutName = new(
        "RSM0014",
        "Overloads need names",
        "'{0}' is overloaded; give this overload a Name of its own",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0014.md");

    public static readonly DiagnosticDescriptor StateNotRestorable = new(
        "RSM0015",
        "A state member can't be restored",
        "The state '{0}' can't be restored from a snapshot: it is read-only, and not a collection that can be refilled; let it be assigned, or mark it [Transient] if it never changes",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0015.md");

    public static readonly DiagnosticDescriptor UndeclaredMember = new(
        "RSM0016",
        "A member must say whether it is state",
        "'{0}' is {1}; mark what snapshots carry as [State] and what they don't as [Transient]",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0016.md");

    public static readonly DiagnosticDescriptor GeneratedNameCollision = new(
        "RSM0017",
        "A name is taken by generated code",
        "The name '{0}' is needed for the generated half of '{1}'; give this one another name",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0017.md");

    public static readonly DiagnosticDescriptor InvalidConsistency = new(
        "RSM0019",
        "A query's consistency and its bound belong together",
        "The consistency of '{0}' is not valid: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0019.md");

    public static readonly DiagnosticDescriptor InvalidMigration = new(
        "RSM0020",
        "A migration leads from one version to the next",
        "The migration '{0}' is not valid: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0020.md");

    public static readonly DiagnosticDescriptor InvalidParameterSince = new(
        "RSM0021",
        "A parameter that was added later comes last and can be left out",
        "The version of the parameter '{0}' of '{1}' is not valid: {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0021.md");

    public static readonly DiagnosticDescriptor TwoDefaultQueries = new(
        "RSM0023",
        "A machine has one default query",
        "'{0}' is marked as the default query, and so is '{1}'; a request that names no query can be answered by one only",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Base + "RSM0023.md");

    /// <summary>By what the parser found.</summary>
    public static readonly IReadOnlyDictionary<DefectKind, DiagnosticDescriptor> ByDefect = new Dictionary<DefectKind, DiagnosticDescriptor>
    {
        [DefectKind.NotPartial] = NotPartial,
        [DefectKind.TwoDefaultQueries] = TwoDefaultQueries,
        [DefectKind.WrongShape] = WrongShape,
        [DefectKind.NoConstructor] = NoConstructor,
        [DefectKind.InvalidName] = InvalidName,
        [DefectKind.NoCommand] = NoCommand,
        [DefectKind.CommandAndQuery] = CommandAndQuery,
        [DefectKind.WrongMethodShape] = WrongMethodShape,
        [DefectKind.AsynchronousCall] = AsynchronousCall,
        [DefectKind.ByReferenceParameter] = ByReferenceParameter,
        [DefectKind.UnserializableType] = UnserializableType,
        [DefectKind.InaccessibleType] = InaccessibleType,
        [DefectKind.InvalidId] = InvalidId,
        [DefectKind.DuplicateIdentity] = DuplicateIdentity,
        [DefectKind.OverloadWithoutName] = OverloadWithoutName,
        [DefectKind.StateNotRestorable] = StateNotRestorable,
        [DefectKind.UndeclaredMember] = UndeclaredMember,
        [DefectKind.GeneratedNameCollision] = GeneratedNameCollision,
        [DefectKind.InvalidConsistency] = InvalidConsistency,
        [DefectKind.InvalidMigration] = InvalidMigration,
        [DefectKind.InvalidParameterSince] = InvalidParameterSince,
    };

    private const string Category = "ReplicatedState.Shape";
}
