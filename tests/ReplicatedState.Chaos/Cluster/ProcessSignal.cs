using System.Runtime.InteropServices;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>The signal that .NET can't send.</summary>
internal static partial class ProcessSignal
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int processId)
    {
        if (Kill(processId, Sigterm) != 0)
            throw new ChaosFailedException($"SIGTERM couldn't be sent to process {processId}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
