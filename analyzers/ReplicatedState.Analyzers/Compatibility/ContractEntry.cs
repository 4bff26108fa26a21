using ReplicatedState.Generators.Model;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>What a line of the contract speaks of.</summary>
internal enum ContractKind
{
    Machine,
    Command,
    Query,
    Event,
    State,
    Enum,
    Object,
    Union,
}

/// <summary>One line of the contract, taken apart.</summary>
/// <param name="Line">The line as it is written.</param>
/// <param name="IsRetired">Whether the line only reserves the identity of what was removed.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Key">What identifies it: the id of a command, query, event or state member as text, the name of a type; "" for the machine.</param>
/// <param name="Name">The name of a command, query, event, state member or type.</param>
/// <param name="Parts">Parameters, members of an enumeration or object, or cases of a union, in their order.</param>
/// <param name="Type">The result of a call, or the type of an event or state member.</param>
/// <param name="Since">The machine version that added it. For a machine: its version.</param>
internal sealed record ContractEntry(
    string Line,
    bool IsRetired,
    string Machine,
    ContractKind Kind,
    string Key,
    string Name,
    EquatableArray<string> Parts,
    string Type,
    int Since)
{
    public bool IsCall => Kind is ContractKind.Command or ContractKind.Query;

    /// <summary>Whether a number identifies it, and not its name in the source.</summary>
    public bool HasNumber => IsCall || Kind is ContractKind.Event or ContractKind.State;

    /// <summary>Equal for lines of which one takes the place of the other. Commands and queries share their numbers.</summary>
    public (string Machine, ContractKind Kind, string Key) Identity => (Machine, IsCall ? ContractKind.Command : Kind, Key);

    /// <summary>How messages name it.</summary>
    public string Described => Kind == ContractKind.Machine ? $"the machine '{Machine}'" : $"the {Word} '{Name}' of '{Machine}'";

    /// <summary>The line that reserves its identity for good.</summary>
    public string RetiredLine => $"{ContractLine.Retired}{Machine}: {Word} {Key} {Name}";

    private string Word => Kind.ToString().ToLowerInvariant();
}
