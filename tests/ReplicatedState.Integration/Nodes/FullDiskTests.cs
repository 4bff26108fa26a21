using System.Diagnostics;
using BankSample;
using ReplicatedState.Client;

namespace ReplicatedState.Integration.Nodes;

/// <summary>On a file system that really is full.</summary>
public sealed class FullDiskTests
{
    private const int FileSystemMiB = 96;
    private const int LeftMiB = 12;

    [SkippableFact]
    public async Task A_full_disk_stops_the_node_with_a_sentence_and_a_restart_with_room_has_all_that_was_acknowledged()
    {
        string mount = Directory.CreateTempSubdirectory("bank-full-").FullName;
        Skip.IfNot(OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={FileSystemMiB}m", "tmpfs", mount), "Mounting a small file system needs root on Linux.");
        try
        {
            await FillAsync(mount);
        }
        finally
        {
            Assert.True(await RunAsync("umount", mount));
            Directory.Delete(mount);
        }
    }

    private static async Task FillAsync(string mount)
    {
        string data = Path.Combine(mount, "data");
        string filler = Path.Combine(mount, "filler");
        int peerPort = Ports.Take();
        int httpPort = Ports.Take();
        var opened = new List<Account>();
        await using (BankProcess node = Start(data, peerPort, httpPort))
        {
            await Eventually.HoldsAsync("the node to be ready", () => BankProcess.IsReadyAsync(httpPort), () => node.Output);
            await using ReplicatedStateClient client = Connect(peerPort);
            IBankClient bank = BankTrio.BankOf(client);
            opened.Add(await bank.OpenAsync("first", 1));
            await File.WriteAllBytesAsync(filler, new byte[new DriveInfo(mount).AvailableFreeSpace - LeftMiB * 1024L * 1024]);

            string owner = new('x', 64 * 1024);
            while (!node.HasExited)
            {
                try
                {
                    opened.Add(await bank.OpenAsync(owner, 1));
                }
                catch (ConsensusException)
                {
                    // The node has stopped, or is about to: nothing more is acknowledged.
                    break;
                }
            }

            await node.EndsAsync();
            Assert.Equal(1, node.ExitCode);
            Assert.Contains("The node stops:", node.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled exception", node.Output, StringComparison.Ordinal);
        }

        File.Delete(filler);
        await using (BankProcess node = Start(data, peerPort, httpPort))
        {
            await Eventually.HoldsAsync("the node to be ready again", () => BankProcess.IsReadyAsync(httpPort), () => node.Output);
            await using ReplicatedStateClient client = Connect(peerPort);
            IBankClient bank = BankTrio.BankOf(client);
            foreach (Account account in opened)
                Assert.Equal(1, await bank.BalanceAsync(account.Number));
        }
    }

    /// <summary>With the watch for low space off: it would refuse writes long before the disk is full.</summary>
    private static BankProcess Start(string data, int peerPort, int httpPort) => BankProcess.Start(
        ["node", "n1", "--data", data, "--peers", $"n1=127.0.0.1:{peerPort}", "--http-port", $"{httpPort}", "--with-parent"], ("CONSENSUS_STORAGE__LOW_SPACE", "0"));

    private static ReplicatedStateClient Connect(int peerPort)
    {
        var options = new ReplicatedStateClientOptions { CallTimeout = TimeSpan.FromSeconds(5) };
        options.Endpoints.Add($"127.0.0.1:{peerPort}");
        return new ReplicatedStateClient(options);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
