using System.Runtime.InteropServices;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>Signals that .NET can't send.</summary>
internal static partial class ProcessSignal
{
    private const int Sigterm = 15;

    public static void Terminate(int processId) => Send(processId, Sigterm);

    /// <summary>Takes the processor away from the process, until <see cref="Continue"/>.</summary>
    public static void Stop(int processId) => Send(processId, OperatingSystem.IsMacOS() ? 17 : 19);

    public static void Continue(int processId) => Send(processId, OperatingSystem.IsMacOS() ? 19 : 18);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
            throw new ChaosFailedException($"Signal {signal} couldn't be sent to process {processId}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
