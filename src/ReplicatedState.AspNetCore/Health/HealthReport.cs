namespace ReplicatedState.AspNetCore.Health;

/// <summary>The answer of <c>GET /consensus/health</c>, in snake case on the wire.</summary>
/// <param name="Healthy">True where the node may be given work.</param>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Error">Why it may not; null where it may.</param>
internal sealed record HealthReport(bool Healthy, string Status, string? Error);
