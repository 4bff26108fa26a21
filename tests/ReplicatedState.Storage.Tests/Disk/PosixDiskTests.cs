using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Storage.Tests.Disk;

public sealed partial class PosixDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly IDisk _disk = LocalDisk.ForThisSystem();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_reads_back_what_was_written_at_each_offset()
    {
        using IStorageFile file = _disk.Open(In("file"), FileOpenMode.New);
        file.Write(10, "ten"u8);
        file.Write(0, "zero"u8);
        file.SyncData();
        byte[] content = new byte[20];
        Assert.Equal(13, file.Read(0, content));
        Assert.Equal("zero\0\0\0\0\0\0ten"u8.ToArray(), content[..13]);
        Assert.Equal(13, file.Length);
        file.SetLength(4);
        Assert.Equal(0, file.Read(4, content));
    }

    [Fact]
    public void The_modes_of_opening_mean_what_they_say()
    {
        Assert.Throws<StorageFailedException>(() => _disk.Open(In("file"), FileOpenMode.Existing));
        _disk.Open(In("file"), FileOpenMode.New).Dispose();
        Assert.Throws<StorageFailedException>(() => _disk.Open(In("file"), FileOpenMode.New));
        _disk.Open(In("file"), FileOpenMode.Existing).Dispose();
        _disk.Open(In("file"), FileOpenMode.ExistingOrNew).Dispose();
    }

    [Fact]
    public void A_mapped_file_and_the_file_show_the_same_bytes()
    {
        using IStorageFile file = _disk.Open(In("mapped"), FileOpenMode.New);
        file.Write(0, new byte[5000]);
        using (IMappedFile mapped = file.Map(5000))
        {
            "through memory"u8.CopyTo(mapped.Bytes[100..]);
            mapped.Sync();
        }

        byte[] content = new byte[14];
        file.Read(100, content);
        Assert.Equal("through memory"u8.ToArray(), content);
    }

    [Fact]
    public void Names_are_listed_in_order_and_by_kind()
    {
        _disk.CreateDirectory(In("b/deep"));
        _disk.Open(In("c"), FileOpenMode.New).Dispose();
        _disk.Open(In("a"), FileOpenMode.New).Dispose();
        Assert.Equal(["a", "c"], _disk.ListFiles(_directory));
        Assert.Equal(["b"], _disk.ListDirectories(_directory));
        Assert.Empty(_disk.ListFiles(In("nowhere")));
        Assert.True(_disk.FileExists(In("a")));
        Assert.False(_disk.FileExists(In("b")));
        Assert.True(_disk.DirectoryExists(In("b")));
        Assert.False(_disk.DirectoryExists(In("a")));
    }

    [Fact]
    public void A_rename_replaces_what_stands_there()
    {
        Write("old", "old");
        Write("new", "new");
        _disk.Rename(In("new"), In("old"));
        _disk.SyncDirectory(_directory);
        using IStorageFile file = _disk.Open(In("old"), FileOpenMode.Existing);
        byte[] content = new byte[3];
        file.Read(0, content);
        Assert.Equal("new"u8.ToArray(), content);
        Assert.False(_disk.FileExists(In("new")));
    }

    [Fact]
    public void An_error_names_the_file_the_number_and_what_it_means()
    {
        StorageFailedException error = Assert.Throws<StorageFailedException>(() => _disk.Open(In("missing"), FileOpenMode.Existing));
        Assert.Contains(In("missing"), error.Message, StringComparison.Ordinal);
        Assert.Contains("errno 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<StorageFailedException>(() => _disk.Delete(In("missing")));
        Assert.Throws<StorageFailedException>(() => _disk.Rename(In("missing"), In("target")));
        Assert.Throws<StorageFailedException>(() => _disk.SyncDirectory(In("missing")));
    }

    [SkippableFact]
    public void A_full_device_is_reported_as_such()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        using IStorageFile full = _disk.Open("/dev/full", FileOpenMode.Existing);
        StorageFailedException error = Assert.Throws<StorageFailedException>(() => full.Write(0, new byte[512]));
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
        Assert.Contains("free space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_space_of_the_file_system_is_known()
    {
        long free = _disk.FreeBytes(_directory);
        Assert.InRange(free, 1, _disk.TotalBytes(_directory));
    }

    [Fact]
    public void A_lock_is_held_once_and_released()
    {
        using (_disk.Lock(In("LOCK")))
        {
            StorageFailedException refused = Assert.Throws<StorageFailedException>(() => _disk.Lock(In("LOCK")));
            Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        }

        _disk.Lock(In("LOCK")).Dispose();
    }

    [SkippableFact]
    public void A_lock_keeps_another_process_out()
    {
        Skip.IfNot(System.IO.File.Exists("/usr/bin/flock"), "needs flock(1) of util-linux");
        using IDisposable held = _disk.Lock(In("LOCK"));
        Assert.NotEqual(0, RunFlock());
        held.Dispose();
        Assert.Equal(0, RunFlock());
    }

    /// <summary>As a process that is just being started has it, until it runs its own program.</summary>
    [SkippableFact]
    public void A_lock_that_was_let_go_is_free_whoever_still_has_a_copy_of_its_descriptor()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc");
        IDisposable held = _disk.Lock(In("LOCK"));
        string own = Directory.GetFiles("/proc/self/fd").Single(link => System.IO.File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == In("LOCK"));
        using var copy = new SafeFileHandle(Duplicate(int.Parse(Path.GetFileName(own), CultureInfo.InvariantCulture)), ownsHandle: true);
        Assert.False(copy.IsInvalid);

        held.Dispose();

        _disk.Lock(In("LOCK")).Dispose();
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    private int RunFlock()
    {
        using Process flock = Process.Start("/usr/bin/flock", ["--nonblock", In("LOCK"), "true"]);
        Assert.True(flock.WaitForExit(TimeSpan.FromSeconds(30)));
        return flock.ExitCode;
    }

    private void Write(string name, string content)
    {
        using IStorageFile file = _disk.Open(In(name), FileOpenMode.ExistingOrNew);
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(content));
    }

    private string In(string name) => Path.Combine(_directory, name);
}
