using Microsoft.AspNetCore.Http;
using ReplicatedState.AspNetCore.Configuration;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>How recent the state has to be that a query in JSON sees: by the address, by a header, or else as the query's attribute says.</summary>
internal static class CallConsistency
{
    private const string LevelName = "consistency";
    private const string BoundName = "max_staleness";
    private const string Levels = "linearizable, lease, bounded, session, local (or eventual, which is the same)";

    /// <exception cref="InvalidConsistencyException">There is no such level, it lacks its bound or has one too many, or address and header contradict each other.</exception>
    public static ReadConsistency Of(HttpRequest request, ReadConsistency otherwise)
    {
        string? level = Agreed(request);
        string? bound = request.Parameter(BoundName);
        if (level is null)
            return bound is null ? otherwise : ReadBound(bound);
        if (bound is not null && !Is(level, "bounded"))
            throw new InvalidConsistencyException($"'{BoundName}' is a bound of the level 'bounded', and the call asks for '{level}'.");
        return level.ToLowerInvariant() switch
        {
            "linearizable" => ReadConsistency.Linearizable,
            "lease" => ReadConsistency.Lease,
            "bounded" when bound is not null => ReadBound(bound),
            "bounded" when otherwise.Level == ConsistencyLevel.BoundedStaleness => otherwise,
            "bounded" => throw new InvalidConsistencyException($"The level 'bounded' needs its bound, such as {BoundName}=5s."),
            "session" => ReadConsistency.Session,
            "local" or "eventual" => ReadConsistency.Local,
            _ => throw new InvalidConsistencyException($"There is no consistency '{Shorten(level)}': there are {Levels}."),
        };
    }

    private static string? Agreed(HttpRequest request)
    {
        string? parameter = request.Parameter(LevelName);
        string? header = request.Header(CallHeaders.Consistency);
        if (parameter is not null && header is not null && !Is(parameter, header))
            throw new InvalidConsistencyException($"The address asks for the consistency '{Shorten(parameter)}', and the header {CallHeaders.Consistency} for '{Shorten(header)}'.");
        return parameter ?? header;
    }

    private static ReadConsistency ReadBound(string bound)
    {
        try
        {
            return ReadConsistency.BoundedStaleness(Duration.Parse(bound));
        }
        catch (FormatException error)
        {
            throw new InvalidConsistencyException($"{BoundName}: {error.Message}.", error);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new InvalidConsistencyException($"{BoundName} is '{Shorten(bound)}': the bound of a stale read is from 1 ms to a day.", error);
        }
    }

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
