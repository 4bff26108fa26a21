using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ReplicatedState.Chaos.Network;

/// <summary>A Linux network namespace of the runner's own: a loopback device that nobody else is on, and packet rules that nobody else feels.</summary>
/// <remarks>It has no name, and so is gone with the last process in it, however that ends.</remarks>
internal static partial class PrivateNetwork
{
    private const string Self = "/proc/self/ns/net";

    /// <summary>Where a process is by its network; null where there are no such namespaces.</summary>
    public static string? Current => OperatingSystem.IsLinux() ? new FileInfo(Self).LinkTarget : null;

    /// <summary>Replaces this process with one of the same id that runs the same program in a network of its own.</summary>
    /// <param name="arguments">The program's arguments there.</param>
    /// <returns>Why that isn't possible, otherwise not at all.</returns>
    public static string Enter(IEnumerable<string> arguments)
    {
        if (Current is null)
            return "only Linux has network namespaces";
        string[] enter = ["unshare", "--net", .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--map-root-user"], "--"];
        // Whatever is missing or forbidden shows in a child, while there is still somebody to say so.
        if (Try([.. enter, "sh", "-c", $"{PacketRules.LoopbackUp} && nft --file -"], PacketRules.Table) is { } obstacle)
            return obstacle;
        string program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(PrivateNetwork).Assembly.Location] : [];
        string?[] command = [.. enter, program, .. assembly, .. arguments, null];
        Execute(enter[0], command);
        return $"unshare couldn't be executed: error {Marshal.GetLastPInvokeError()}";
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Null where it succeeded, otherwise what it said.</returns>
    public static string? Try(string[] command, string input)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'{string.Join(' ', command)}' said: {errors.Result.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"'{command[0]}' can't be run: {missing.Message}";
        }
    }

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string file, string?[] arguments);
}
