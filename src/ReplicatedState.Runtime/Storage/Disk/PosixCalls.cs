using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ReplicatedState.Runtime.Storage;

/// <summary>The system calls behind <see cref="PosixDisk"/>, with the constants of Linux and macOS. Nothing here throws: the callers look at errno.</summary>
internal static unsafe partial class PosixCalls
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int SeekEnd = 2;
    public const int LockExclusiveNonBlocking = 2 | 4;
    public const int Unlock = 8;
    public const int ProtectReadWrite = 1 | 2;
    public const int MapShared = 1;

    private const string C = "libc";
    private const int FullFsync = 51;
    private const int OwnerReadsAndWritesGroupReads = 0x1A0;

    public static readonly int Create = OperatingSystem.IsLinux() ? 0x40 : 0x200;
    public static readonly int Exclusive = OperatingSystem.IsLinux() ? 0x80 : 0x800;
    private static readonly int CloseOnExec = OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;
    private static readonly int SyncMapping = OperatingSystem.IsLinux() ? 4 : 0x10;

    // Apple's calling convention for arm64 passes variable arguments on the stack, where a fixed signature would pass them in registers.
    private static readonly bool VariableArgumentsOnStack = OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static SafeFileHandle Open(string path, int flags)
    {
        int descriptor = VariableArgumentsOnStack
            ? OpenWithModeOnStack(path, flags | CloseOnExec, 0, 0, 0, 0, 0, 0, OwnerReadsAndWritesGroupReads)
            : Open(path, flags | CloseOnExec, OwnerReadsAndWritesGroupReads);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Makes content durable: on macOS a plain fsync stops at the drive's volatile cache.</summary>
    public static int SyncData(SafeFileHandle file) => OperatingSystem.IsMacOS() ? Control(file, FullFsync) : DataSync(file);

    /// <summary>Makes content and all metadata durable.</summary>
    public static int SyncAll(SafeFileHandle file) => OperatingSystem.IsMacOS() ? Control(file, FullFsync) : FullSync(file);

    public static int SyncMapped(void* address, nuint length) => Synchronize(address, length, SyncMapping);

    [LibraryImport(C, EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, void* buffer, nuint count, long offset);

    [LibraryImport(C, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, void* buffer, nuint count, long offset);

    [LibraryImport(C, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport(C, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport(C, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(C, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport(C, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport(C, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport(C, EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* address, nuint length, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport(C, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenWithModeOnStack(string path, int flags, nint x2, nint x3, nint x4, nint x5, nint x6, nint x7, int mode);

    [LibraryImport(C, EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport(C, EntryPoint = "fsync", SetLastError = true)]
    private static partial int FullSync(SafeFileHandle file);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command);

    [LibraryImport(C, EntryPoint = "msync", SetLastError = true)]
    private static partial int Synchronize(void* address, nuint length, int flags);
}
