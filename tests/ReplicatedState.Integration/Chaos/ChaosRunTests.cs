using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReplicatedState.Integration.Chaos;

/// <summary>A short run of what <c>docs/verification.md</c> runs for long.</summary>
public sealed partial class ChaosRunTests
{
    [SkippableFact]
    public async Task What_clients_see_of_nodes_that_are_killed_stopped_restarted_replaced_delayed_and_cut_off_is_linearizable()
    {
        Skip.If(OperatingSystem.IsWindows(), "Sends signals.");
        await RunAsync(20, "kill,pause,partition,delay,restart,membership", "r", "w", "cas");
    }

    [SkippableFact]
    public async Task What_clients_see_of_nodes_whose_packets_are_lost_and_whose_clocks_are_wrong_is_linearizable()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Takes network namespaces and libfaketime.");
        string output = await RunAsync(12, "partition,loss,clock", "r", "w");
        string skipped = string.Join(" ", output.Split(Environment.NewLine).Where(line => line.StartsWith("!!!", StringComparison.Ordinal)));
        Skip.If(skipped.Length > 0, skipped);
    }

    [SkippableFact]
    public async Task The_nodes_of_a_killed_run_stop_by_themselves()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads /proc.");
        string directory = Directory.CreateTempSubdirectory("chaos-orphaned-").FullName;
        await using (var run = new ChaosProcess("--seconds", "60", "--faults", "pause,partition", "--data", directory))
        {
            await Eventually.HoldsAsync("a node to be stopped", () => Task.FromResult(run.Output.Contains("SIGSTOP", StringComparison.Ordinal)), () => run.Output);
            run.Kill();
            await run.EndsAsync();
            await Eventually.HoldsAsync("the nodes to end", () => Task.FromResult(!AnyoneNames(directory)), () => run.Output);
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Runs to a good end, in which every fault that is possible here has happened, and of each of these operations some were answered.</summary>
    /// <returns>What the runner printed.</returns>
    private static async Task<string> RunAsync(int seconds, string faults, params string[] operations)
    {
        string directory = Directory.CreateTempSubdirectory("chaos-test-").FullName;
        string history = Path.Combine(directory, "history.jsonl");
        string output;
        await using (var run = new ChaosProcess("--seconds", $"{seconds}", "--faults", faults, "--history", history, "--data", Path.Combine(directory, "data")))
        {
            int exitCode = await run.EndsAsync();
            Assert.True(exitCode == 0, run.Output);
            Match last = LastLine().Match(run.Output);
            Assert.True(last.Success, run.Output);

            string[] lines = await File.ReadAllLinesAsync(history);
            Assert.Equal(lines.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), last.Groups["count"].Value);
            Assert.All(operations, operation => Assert.Contains(lines, line => Has(line, operation)));
            output = run.Output;
        }

        Directory.Delete(directory, recursive: true);
        return output;
    }

    private static bool Has(string line, string operation)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("op").GetString() == operation && json.RootElement.GetProperty("st").GetString() == "ok";
    }

    /// <summary>Whether a process has the directory in its command line.</summary>
    private static bool AnyoneNames(string directory)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(process), out _) && File.ReadAllText(Path.Combine(process, "cmdline")).Contains(directory, StringComparison.Ordinal))
                    return true;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return false;
    }

    [GeneratedRegex(@"operations: (?<count>\d+) ok: \d+ fail: \d+ unknown: \d+ verdict: linearizable\s*\z")]
    private static partial Regex LastLine();
}
