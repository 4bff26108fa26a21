using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplicatedState.AspNetCore.Health;

/// <summary>ASP.NET Core's view of <see cref="NodeHealth.WhyNotLive"/>; tagged <c>live</c>.</summary>
internal sealed class LivenessCheck(NodeHealth health) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.WhyNotLive() is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

/// <summary>ASP.NET Core's view of <see cref="NodeHealth.WhyNotReady"/>; tagged <c>ready</c>.</summary>
internal sealed class ReadinessCheck(NodeHealth health) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.WhyNotReady() is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
