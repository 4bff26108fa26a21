namespace ReplicatedState.Runtime.Storage;

/// <summary>Finds the <see cref="IDisk"/> of the operating system that this process runs on.</summary>
public static class LocalDisk
{
    /// <summary>The file systems of this machine.</summary>
    /// <exception cref="PlatformNotSupportedException">The process is not a 64-bit one.</exception>
    public static IDisk ForThisSystem() => OperatingSystem.IsWindows() ? new WindowsDisk() : new PosixDisk();
}
