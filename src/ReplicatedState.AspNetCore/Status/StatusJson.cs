using System.Text.Json.Serialization;
using ReplicatedState.AspNetCore.Health;

namespace ReplicatedState.AspNetCore.Status;

/// <summary>Writes the reports of the HTTP interface without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
