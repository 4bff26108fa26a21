using ReplicatedState.Testing.NodeLevel;
using ReplicatedState.Testing.Tests.Machines;

namespace ReplicatedState.Testing.Tests.Cluster;

/// <summary>What docs/testing.md shows, as tests that run; the pages must show these lines, and those of other files that are named below.</summary>
public sealed class DocumentedExamples
{
    [Fact]
    public async Task A_script_directs_one_situation()
    {
        // begin page
        ClusterRun run = await SimulatedCluster.Of<Purse>()
            .Faults(Faults.Script(new FaultScript()
                .At(TimeSpan.FromSeconds(5)).Cut(from: 1, to: 3)
                .At(TimeSpan.FromSeconds(6)).PowerCut(2, downFor: TimeSpan.FromSeconds(2))
                .At(TimeSpan.FromSeconds(10)).Heal()))
            .Clients(2, async (IPurseClient purse, SimulatedCall call) =>
            {
                await purse.MoveAsync("a", "b", 1);
                await call.DelayAsync(TimeSpan.FromMilliseconds(50));
            })
            .RunAsync(seed: 1);
        Assert.Equal(1, run.Faults[SimulatedFault.PowerCut]);
        // end page
    }

    [Fact]
    public async Task Faults_are_chosen()
    {
        // begin page
        Faults storms = Faults.Only(FaultKind.PowerCut, FaultKind.Partition).Times(2);
        Faults anythingButDisks = Faults.All.Except(FaultKind.DiskFailure, FaultKind.SlowDisk, FaultKind.ShortSpace, FaultKind.DiskDamage);
        // end page
        foreach (Faults faults in (Faults[])[storms, anythingButDisks])
        {
            ClusterRun run = await SimulatedCluster.Of<Purse>().Faults(faults).Clients(1, async (IPurseClient purse, SimulatedCall _) => await purse.MoveAsync("a", "b", 1)).RunAsync(1);
            Assert.Equal(0, run.Faults[SimulatedFault.SlowDisk]);
        }
    }

    [Theory]
    [InlineData("testing.md", "tests/ReplicatedState.Testing.Tests/Cluster/DocumentedExamples.cs", 2)]
    [InlineData("testing.md", "samples/Bank.Tests/BankTests.cs", 2)]
    [InlineData("testing.md", "tests/ReplicatedState.Testing.Tests/Cluster/UpgradeTests.cs", 1)]
    [InlineData("state-machines.md", "tests/ReplicatedState.Testing.Tests/Documentation/Auctions.cs", 1)]
    [InlineData("state-machines.md", "tests/ReplicatedState.Testing.Tests/Documentation/AuctionsTests.cs", 5)]
    public void The_page_shows_what_runs(string name, string file, int expected)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ReplicatedState.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException("The repository of these tests isn't here.");
        string page = File.ReadAllText(Path.Combine(folder, "docs", name));
        string[] source = File.ReadAllLines(Path.Combine(folder, file));
        int regions = 0;
        for (int at = 0; at < source.Length; at++)
        {
            if (source[at].Trim() != "// begin page")
                continue;
            regions++;
            string[] lines = source[(at + 1)..Array.FindIndex(source, at, l => l.Trim() == "// end page")];
            int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
            string shown = string.Join('\n', lines.Select(l => l.Length == 0 ? l : l[indent..]));
            Assert.True(page.Contains(shown, StringComparison.Ordinal), $"docs/{name} doesn't show:\n{shown}");
        }

        Assert.Equal(expected, regions);
    }
}
