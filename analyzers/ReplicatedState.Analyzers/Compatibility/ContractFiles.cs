using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ReplicatedState.Analyzers.Compatibility;

/// <summary>What a project's two contract files say: what was released, and what has come since.</summary>
internal sealed class ContractFiles
{
    public const string ShippedFile = "ReplicatedState.Shipped.txt";
    public const string UnshippedFile = "ReplicatedState.Unshipped.txt";

    private readonly Dictionary<(string, ContractKind, string), ContractEntry> _shipped = [];
    private readonly Dictionary<(string, ContractKind, string), ContractEntry> _unshipped = [];
    private readonly Dictionary<(string, ContractKind, string), ContractEntry> _retired = [];
    private readonly Dictionary<ContractEntry, Location> _locations = [];
    private readonly List<Diagnostic> _defects = [];

    private ContractFiles()
    {
    }

    /// <summary>Lines that are no lines of a contract, and those that come twice.</summary>
    public IReadOnlyList<Diagnostic> Defects => _defects;

    /// <summary>What was released and not removed since.</summary>
    public IEnumerable<ContractEntry> Shipped => _shipped.Values.Where(entry => !_retired.ContainsKey(entry.Identity));

    /// <summary>What is in the files and not removed since: the later file counts.</summary>
    public IEnumerable<ContractEntry> Present => Shipped.Where(entry => !_unshipped.ContainsKey(entry.Identity)).Concat(_unshipped.Values);

    /// <summary>The files, or null for a project that has neither.</summary>
    public static ContractFiles? Read(ImmutableArray<AdditionalText> texts, CancellationToken cancellation)
    {
        ContractFiles? files = null;
        foreach (AdditionalText text in texts)
        {
            string name = Path.GetFileName(text.Path);
            if (name is not (ShippedFile or UnshippedFile) || text.GetText(cancellation) is not { } content)
                continue;
            files ??= new ContractFiles();
            files.Read(content, text.Path, name == ShippedFile ? files._shipped : files._unshipped);
        }

        return files;
    }

    public ContractEntry? FindShipped(ContractEntry entry) => _shipped.TryGetValue(entry.Identity, out ContractEntry? found) ? found : null;

    public ContractEntry? FindRetired(ContractEntry entry) => _retired.TryGetValue(entry.Identity, out ContractEntry? found) ? found : null;

    /// <summary>The line that counts for what has this identity.</summary>
    public ContractEntry? Find(ContractEntry entry) => _unshipped.TryGetValue(entry.Identity, out ContractEntry? found) ? found : FindShipped(entry);

    /// <summary>Where a line is.</summary>
    public Location LocationOf(ContractEntry entry) => _locations[entry];

    private void Read(SourceText content, string path, Dictionary<(string, ContractKind, string), ContractEntry> into)
    {
        foreach (TextLine line in content.Lines)
        {
            string text = line.ToString();
            if (ContractLine.IsBlank(text))
                continue;
            Location location = Location.Create(path, line.Span, content.Lines.GetLinePositionSpan(line.Span));
            if (ContractLine.Parse(text) is not { } entry)
            {
                _defects.Add(Diagnostic.Create(CompatibilityRules.InvalidLine, location, text, "it is no line of a contract"));
                continue;
            }

            Dictionary<(string, ContractKind, string), ContractEntry> lines = entry.IsRetired ? _retired : into;
            if (lines.ContainsKey(entry.Identity))
            {
                _defects.Add(Diagnostic.Create(CompatibilityRules.InvalidLine, location, text, "what it speaks of has a line already"));
                continue;
            }

            lines.Add(entry.Identity, entry);
            _locations[entry] = location;
        }
    }
}
