using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ReplicatedState.AspNetCore.Calls;

/// <summary>What a call in JSON says beside its body.</summary>
internal static class CallHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Consistency = "X-Consistency-Level";
    public const string Session = "X-Session-Token";

    /// <summary>The only value of a header; null where it isn't there.</summary>
    /// <exception cref="InvalidCommandException">There are several.</exception>
    public static string? Header(this HttpRequest request, string name) => Single(request.Headers[name], $"The header {name}");

    /// <summary>The only value of a parameter of the address; null where it isn't there.</summary>
    /// <exception cref="InvalidCommandException">There are several.</exception>
    public static string? Parameter(this HttpRequest request, string name) => Single(request.Query[name], $"The parameter '{name}' of the address");

    private static string? Single(StringValues values, string what) =>
        values.Count <= 1 ? values : throw new InvalidCommandException($"{what} is there {values.Count} times.");
}
