using System.Diagnostics;

namespace ReplicatedState.Integration.Nodes;

/// <summary>The operators' tool, as a process of its own.</summary>
internal static class Rsctl
{
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Build.RsctlPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return (process.ExitCode, await output + await errors);
    }
}
