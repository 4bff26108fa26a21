using System.Globalization;
using System.Text.Json;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>What a node's <c>/consensus/status</c> says about its replica of the registers.</summary>
internal sealed record NodeView(string Name, string Members, string Role, string? Leader, ulong Term, ulong Commit, ulong Applied, long SnapshotsInstalled, string ApplyHash, string? StateHash, DateTimeOffset LogTime, string? ClockAlarm)
{
    /// <summary>Asks a node; null where it doesn't answer, or has no replica yet.</summary>
    public static async Task<NodeView?> AskAsync(HttpClient http, NodeProcess node, bool stateHash, CancellationToken cancellationToken)
    {
        try
        {
            string uri = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{node.HttpPort}/consensus/status{(stateHash ? "?state_hash=true" : "")}");
            using JsonDocument status = JsonDocument.Parse(await http.GetStringAsync(uri, cancellationToken));
            foreach (JsonElement group in status.RootElement.GetProperty("groups").EnumerateArray())
            {
                if (group.GetProperty("name").GetString() == "registers")
                    return Read(node.Name, MembersIn(status.RootElement), group);
            }

            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string MembersIn(JsonElement status) =>
        string.Join(' ', status.GetProperty("cluster").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()).Order(StringComparer.Ordinal));

    private static NodeView Read(string name, string members, JsonElement group) => new(
        name,
        members,
        group.GetProperty("role").GetString()!,
        group.GetProperty("leader_id").GetString(),
        group.GetProperty("term").GetUInt64(),
        group.GetProperty("commit_index").GetUInt64(),
        group.GetProperty("last_applied").GetUInt64(),
        group.GetProperty("snapshots_installed").GetInt64(),
        group.GetProperty("apply_hash").GetString()!,
        group.TryGetProperty("state_hash", out JsonElement hash) ? hash.GetString() : null,
        group.GetProperty("log_time").GetDateTimeOffset(),
        group.TryGetProperty("clock_alarm", out JsonElement alarm) ? alarm.GetString() : null);
}
