using System.Runtime.InteropServices;

namespace ReplicatedState.Runtime.Storage;

/// <summary>Says in a sentence what an errno means for the operator of a node.</summary>
internal static class PosixError
{
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int NotADirectory = 20;

    private const int Io = 5;
    private const int AccessDenied = 13;
    private const int Exists = 17;
    private const int TooManyFiles = 24;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    public static int WouldBlock { get; } = OperatingSystem.IsMacOS() ? 35 : 11;

    private static int QuotaExceeded { get; } = OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>The error of the system call that just failed on this thread.</summary>
    /// <param name="what">The operation, as in "write 512 bytes at 4096".</param>
    /// <param name="path">The file.</param>
    public static StorageFailedException Last(string what, string path) => From(Marshal.GetLastPInvokeError(), what, path);

    public static StorageFailedException From(int errno, string what, string path) =>
        new($"Can't {what}: {path}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).{WayOut(errno)}");

    private static string WayOut(int errno) => errno switch
    {
        NoSpace => " The disk is full: free space and restart the node.",
        Io => " The device failed, and what it holds of the last writes is unknown: check or replace it, then restart the node; it refuses to start if acknowledged data is gone.",
        AccessDenied => " Give the node's user the right to read and write its data directory.",
        ReadOnlyFileSystem => " The file system is mounted read-only, often after an error: see the system log, then remount it.",
        TooManyFiles => " Raise the limit of open files of the node's process.",
        Exists => " Something else stands there already.",
        _ when errno == QuotaExceeded => " The disk quota is used up: raise it or free space, then restart the node.",
        _ => "",
    };
}
