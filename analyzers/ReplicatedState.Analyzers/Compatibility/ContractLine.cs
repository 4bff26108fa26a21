using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using ReplicatedState.Generators.Model;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>The grammar of the contract's lines.</summary>
/// <remarks>
/// <code>
/// bank: machine 2
/// bank: command 0x8F3A21B0 Open(string owner, long deposit = 0 since 2) -> Account
/// bank: query 7 Balance(string owner) -> long
/// bank: event 0x5D17C0A2 Opened: Demo.Opened
/// bank: state 0x91C07A11 _accounts: SortedDictionary&lt;string, Account&gt; since 2
/// bank: enum Demo.Color { Red = 0, Green = 1 }
/// bank: object Demo.Account { string Owner, long Balance }
/// bank: union Demo.Event { Demo.Opened = 0, Demo.Closed = 1 }
/// *RETIRED* bank: command 0x8F3A21B1 Close
/// </code>
/// </remarks>
internal static class ContractLine
{
    public const string Retired = "*RETIRED* ";

    private const string Id = @"(?<key>0x[0-9A-F]{8}|\d+)";
    private static readonly Regex Frame = new(@"^(?<machine>.+?): (?<kind>machine|command|query|event|state|enum|object|union) (?<rest>.+)$", RegexOptions.CultureInvariant);
    private static readonly Regex Machine = new(@"^(?<since>\d{1,9})$", RegexOptions.CultureInvariant);
    private static readonly Regex Call = new($@"^{Id} (?<name>[^(]+)\((?<parts>.*)\) -> (?<type>.+?)( since (?<since>\d{{1,9}}))?$", RegexOptions.CultureInvariant);
    private static readonly Regex State = new($@"^{Id} (?<name>.+?): (?<type>.+?)( since (?<since>\d{{1,9}}))?( until \d{{1,9}})?$", RegexOptions.CultureInvariant);
    private static readonly Regex Shape = new(@"^(?<key>(?<name>.+?)) \{ (?<parts>.*?) ?\}$", RegexOptions.CultureInvariant);
    private static readonly Regex Removed = new($@"^{Id} (?<name>[^(]+?)(\(.*|: .*)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether a line says nothing: it is empty or a comment.</summary>
    public static bool IsBlank(string line) => line.Trim().Length == 0 || line[0] == '#';

    /// <summary>The parts of a line, or null where it isn't one.</summary>
    public static ContractEntry? Parse(string line)
    {
        string text = line.TrimEnd();
        bool isRetired = text.StartsWith(Retired, StringComparison.Ordinal);
        Match frame = Frame.Match(isRetired ? text.Substring(Retired.Length) : text);
        if (!frame.Success || !Enum.TryParse(frame.Groups["kind"].Value, ignoreCase: true, out ContractKind kind))
            return null;
        if (isRetired && kind is not (ContractKind.Command or ContractKind.Query or ContractKind.Event or ContractKind.State))
            return null;
        Regex grammar = isRetired ? Removed : kind switch
        {
            ContractKind.Machine => Machine,
            ContractKind.Command or ContractKind.Query => Call,
            ContractKind.Event or ContractKind.State => State,
            _ => Shape,
        };
        Match match = grammar.Match(frame.Groups["rest"].Value);
        if (!match.Success)
            return null;
        return new ContractEntry(
            text,
            isRetired,
            frame.Groups["machine"].Value,
            kind,
            match.Groups["key"].Value,
            match.Groups["name"].Value,
            Split(match.Groups["parts"].Value).ToEquatableArray(),
            match.Groups["type"].Value,
            match.Groups["since"].Success ? int.Parse(match.Groups["since"].Value, CultureInfo.InvariantCulture) : 1);
    }

    /// <summary>The elements of a list, whose types and default values may have commas of their own.</summary>
    private static IEnumerable<string> Split(string list)
    {
        int depth = 0;
        int start = 0;
        char quote = '\0';
        for (int i = 0; i < list.Length; i++)
        {
            char letter = list[i];
            if (quote != '\0')
            {
                if (letter == '\\')
                    i++;
                else if (letter == quote)
                    quote = '\0';
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
            else if (letter is '<' or '(' or '[')
            {
                depth++;
            }
            else if (letter is '>' or ')' or ']')
            {
                depth--;
            }
            else if (letter == ',' && depth == 0)
            {
                yield return list.Substring(start, i - start).Trim();
                start = i + 1;
            }
        }

        if (list.Substring(start).Trim() is { Length: > 0 } last)
            yield return last;
    }
}
