using System.Diagnostics;
using System.Globalization;

namespace ReplicatedState.Chaos.Cluster;

/// <summary>A node's wall clock, by libfaketime, which stands between the process and the C library and reads from a file what time to tell.</summary>
/// <remarks>Monotonic clocks stay true, as on a machine whose operator sets the date. It reaches all of the process: the runtime, gRPC and the web server too.</remarks>
internal sealed class NodeClock
{
    private readonly string _library;
    private readonly string _path;

    /// <param name="library">libfaketime's.</param>
    /// <param name="path">The file.</param>
    public NodeClock(string library, string path)
    {
        _library = library;
        _path = path;
        Set(TimeSpan.Zero);
    }

    /// <summary>Where the library is; null where it isn't.</summary>
    public static string? FindLibrary()
    {
        // The one for processes with threads.
        const string Name = "faketime/libfaketimeMT.so.1";
        if (!OperatingSystem.IsLinux())
            return null;
        return new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.GetDirectories(folder, "*-linux-*").Prepend(folder))
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Makes a process that is about to start tell this clock's time.</summary>
    public void Govern(ProcessStartInfo start)
    {
        start.Environment["LD_PRELOAD"] = _library;
        start.Environment["FAKETIME_TIMESTAMP_FILE"] = _path;
        // Seconds; looking at every reading would cost it 40 µs.
        start.Environment["FAKETIME_CACHE_DURATION"] = "1";
        start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        // Its workaround for an old C library lets waits of the runtime return at once.
        start.Environment["FAKETIME_FORCE_MONOTONIC_FIX"] = "0";
        start.Environment["NO_FAKE_STAT"] = "1";
    }

    /// <summary>Sets the clock ahead of the true time, or behind. It shows within a second.</summary>
    public void Set(TimeSpan ahead) => Write(string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0.000;-0.000}"));

    /// <summary>Stops the clock.</summary>
    public void Freeze() => Write(DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    /// <summary>Removes what the library leaves behind of a process that was killed, and would confuse a later one of the same id.</summary>
    public static void CleanUpAfter(int processId)
    {
        File.Delete(string.Create(CultureInfo.InvariantCulture, $"/dev/shm/faketime_shm_{processId}"));
        File.Delete(string.Create(CultureInfo.InvariantCulture, $"/dev/shm/sem.faketime_sem_{processId}"));
    }

    private void Write(string time)
    {
        // It ends a process that finds half a line.
        string next = _path + ".next";
        File.WriteAllText(next, time + "\n");
        File.Move(next, _path, overwrite: true);
    }
}
