using System.Diagnostics;

namespace ReplicatedState.Integration.Nodes;

/// <summary>No process is left behind, however the demonstration ends.</summary>
public sealed class ProcessLifetimeTests
{
    [SkippableFact]
    public async Task An_interrupted_demonstration_stops_its_nodes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Sends SIGINT and reads /proc.");
        string data = Directory.CreateTempSubdirectory("bank-interrupted-").FullName;
        await using (BankProcess demonstration = Demonstrate(data))
        {
            await demonstration.SaysAsync("clients make transfers");
            Assert.NotEmpty(NodesOn(data, demonstration.Id));
            using (Process interrupt = Process.Start("kill", ["-INT", $"{demonstration.Id}"]))
                await interrupt.WaitForExitAsync();
            await demonstration.EndsAsync();
            Assert.Equal(130, demonstration.ExitCode);
            Assert.Empty(NodesOn(data, demonstration.Id));
        }

        Directory.Delete(data, recursive: true);
    }

    [SkippableFact]
    public async Task The_nodes_of_a_killed_demonstration_stop_by_themselves()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Reads /proc.");
        string data = Directory.CreateTempSubdirectory("bank-orphaned-").FullName;
        await using (BankProcess demonstration = Demonstrate(data))
        {
            await demonstration.SaysAsync("clients make transfers");
            Assert.NotEmpty(NodesOn(data, demonstration.Id));
            demonstration.Kill();
            await demonstration.EndsAsync();
            await Eventually.HoldsAsync("the nodes to stop", () => Task.FromResult(NodesOn(data, demonstration.Id).Count == 0), () => string.Join(' ', NodesOn(data, demonstration.Id)));
        }

        Directory.Delete(data, recursive: true);
    }

    private static BankProcess Demonstrate(string data) => BankProcess.Start(["--no-ui", "--seconds", "60", "--clients", "4", "--data", data]);

    /// <summary>The processes whose command line names the directory, but for the demonstration.</summary>
    private static List<int> NodesOn(string data, int demonstration)
    {
        var found = new List<int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out int id) || id == demonstration)
                continue;
            try
            {
                if (File.ReadAllText(Path.Combine(directory, "cmdline")).Contains(data, StringComparison.Ordinal))
                    found.Add(id);
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }
}
