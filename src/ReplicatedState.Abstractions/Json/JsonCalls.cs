namespace ReplicatedState.Json;

/// <summary>The commands and queries of a machine by the names that JSON calls them with. Immutable, and safe to use from many threads.</summary>
public sealed class JsonCalls
{
    private readonly string _machine;
    private readonly NamedCalls _commands;
    private readonly NamedCalls _queries;

    /// <summary>The calls of a machine.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="commands">Those of its commands that it still takes.</param>
    /// <param name="queries">Its queries.</param>
    public JsonCalls(string machine, IReadOnlyList<JsonCall> commands, IReadOnlyList<JsonCall> queries)
    {
        _machine = machine;
        _commands = new NamedCalls(commands);
        _queries = new NamedCalls(queries);
    }

    /// <summary>All commands, without those that are retired.</summary>
    public IReadOnlyList<JsonCall> Commands => _commands.All;

    /// <summary>All queries.</summary>
    public IReadOnlyList<JsonCall> Queries => _queries.All;

    /// <summary>The command of a name. Its case doesn't matter, unless names differ in it alone.</summary>
    /// <exception cref="UnknownCommandException">The machine has no command of the name, or more than one.</exception>
    public JsonCall Command(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _commands.Find(name, out string? flaw) ?? throw Unknown("command", name, flaw, _commands, "query", _queries);
    }

    /// <summary>The query of a name, or with null the one that is marked <c>[Query(Default = true)]</c>.</summary>
    /// <exception cref="UnknownCommandException">The machine has no query of the name, or more than one; or no default one.</exception>
    public JsonCall Query(string? name)
    {
        if (name is not null)
            return _queries.Find(name, out string? flaw) ?? throw Unknown("query", name, flaw, _queries, "command", _commands);
        return Queries.FirstOrDefault(static query => query.IsDefault)
            ?? throw new UnknownCommandException($"No query is named, and the machine '{_machine}' marks none as [Query(Default = true)].");
    }

    private UnknownCommandException Unknown(string kind, string name, string? flaw, NamedCalls calls, string otherKind, NamedCalls others)
    {
        string shown = JsonPath.Shorten(name);
        if (flaw is null && others.Find(name, out _) is { } other)
            flaw = $"; '{other.Name}' is a {otherKind}";
        return new($"The machine '{_machine}' has no {kind} named '{shown}'{flaw}.{(flaw is null ? NearestName.Suggest(name, calls.All.Select(static call => call.Name)) : "")}");
    }

    /// <summary>Calls, found by name.</summary>
    private sealed class NamedCalls(IReadOnlyList<JsonCall> all)
    {
        private readonly Dictionary<string, JsonCall> _exactly = all.ToDictionary(static call => call.Name, StringComparer.Ordinal);
        private readonly ILookup<string, JsonCall> _anyCase = all.ToLookup(static call => call.Name, StringComparer.OrdinalIgnoreCase);

        public IReadOnlyList<JsonCall> All => all;

        public JsonCall? Find(string name, out string? flaw)
        {
            flaw = null;
            if (_exactly.TryGetValue(name, out JsonCall? exact))
                return exact;
            JsonCall[] similar = [.. _anyCase[name]];
            if (similar.Length > 1)
                flaw = $", but {string.Join(" and ", similar.Select(static call => $"'{call.Name}'"))}: case matters here";
            return similar.Length == 1 ? similar[0] : null;
        }
    }
}
