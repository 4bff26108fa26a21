using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Generators.Emit;

/// <summary>The names of emitted types, and of the types that emitted code refers to.</summary>
internal static class GeneratedNames
{
    public const string Reader = "global::MessagePack.MessagePackReader";
    public const string Writer = "global::MessagePack.MessagePackWriter";
    public const string Pages = "global::ReplicatedState.Pages";
    public const string Serialization = "global::ReplicatedState.Serialization";
    public const string CallFormat = Serialization + ".CallFormat";
    public const string SnapshotFormat = Serialization + ".SnapshotFormat";
    public const string ValueFormat = Serialization + ".ValueFormat";
    public const string ScalarFormat = Serialization + ".ScalarFormat";
    public const string CustomFormat = Serialization + ".CustomFormat";
    public const string ComparerFormat = Serialization + ".ComparerFormat";
    public const string NamedFormat = Serialization + ".NamedFormat";
    public const string UntrustedComparer = Serialization + ".UntrustedComparer";
    public const string StateHasher = Serialization + ".StateHasher";
    public const string Json = "global::ReplicatedState.Json";
    public const string DecodeOrigin = Serialization + ".DecodeOrigin";

    /// <summary>The class that holds the envelopes.</summary>
    public static string Wire(this MachineModel machine) => $"{machine.ClassName}Wire";

    /// <summary>The class that holds the codecs of what the envelopes carry.</summary>
    public static string Codecs(this MachineModel machine) => $"{machine.ClassName}Codecs";

    /// <summary>The class that makes commands which are executed later.</summary>
    public static string CommandFactory(this MachineModel machine) => $"{machine.ClassName}Commands";

    public static string Client(this MachineModel machine) => $"{machine.ClassName}Client";

    public static string InMemoryClient(this MachineModel machine) => $"InMemory{machine.ClassName}Client";

    public static string ClientInterface(this MachineModel machine) => $"I{machine.ClassName}Client";

    /// <summary>The machine's class, qualified.</summary>
    public static string FullName(this MachineModel machine) => machine.Qualified(Escaped(machine.ClassName));

    /// <summary>A type in the machine's namespace, qualified.</summary>
    public static string Qualified(this MachineModel machine, string name) =>
        machine.Namespace.Length == 0 ? $"global::{name}" : $"global::{machine.Namespace}.{name}";

    public static string Envelope(this CallModel call) => call.Identifier + (call.IsCommand() ? "Command" : "Query");

    public static bool IsCommand(this CallModel call) => call.Consistency.Length == 0;

    /// <summary>
    /// An expression for the version that must be in effect for a call with <c>argumentCount</c> arguments. What counts is whether an argument is there, not its value: a binary that
    /// doesn't know it refuses it whatever it is.
    /// </summary>
    public static string RequiredVersion(this CallModel call)
    {
        ParameterModel[] arguments = [.. call.Parameters.Where(static parameter => !parameter.IsContext)];
        string version = "";
        for (int i = arguments.Length - 1; i >= 0 && arguments[i].Since > 0; i--)
            version += $"argumentCount > {i} ? {arguments[i].Since} : ";
        return version + call.Since;
    }

    /// <summary>How a call is named in errors.</summary>
    public static string Described(this CallModel call) => $"the {(call.IsCommand() ? "command" : "query")} '{call.Name}'";

    /// <summary>Text as a C# literal.</summary>
    public static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A name of the user's, which may be a keyword.</summary>
    public static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : $"@{name}";

    /// <summary>An id as it reads best: explicit numbers as such, hashes in hexadecimal.</summary>
    public static string Literal(uint id) => id < 0x8000_0000 ? $"{id}u" : $"0x{id:X8}u";
}
