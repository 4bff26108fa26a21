using System.Runtime.CompilerServices;

namespace ReplicatedState.Runtime.Tests.Golden;

/// <summary>Bytes of an earlier binary, kept as hexadecimal text under Golden/v1. See the README there.</summary>
internal static class GoldenFiles
{
    private const string Switch = "REPLICATEDSTATE_WRITE_GOLDEN";

    /// <summary>The kept bytes.</summary>
    public static byte[] Read(string name) => Convert.FromHexString(File.ReadAllText(PathOf(name)).ReplaceLineEndings(""));

    /// <summary>All kept files of a folder.</summary>
    public static IEnumerable<string> NamesIn(string folder) =>
        Directory.GetFiles(PathOf(folder), "*.hex").Select(file => $"{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal);

    /// <summary>Says loudly that today's writer writes something else than the kept one.</summary>
    public static void AssertStillWritten(string name, byte[] written)
    {
        string path = PathOf(name);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Convert.ToHexString(written) + "\n");
        }

        Assert.True(File.Exists(path), $"There is no {path}; write it with {Switch}=1.");
        Assert.True(
            File.ReadAllText(path).ReplaceLineEndings("") == Convert.ToHexString(written),
            $"{name} is no longer what this binary writes: binaries of the last release may not read it. Before a release, write it anew with {Switch}=1; afterwards, leave it, "
            + "keep reading it, give the format a new version, and begin the next folder: see Golden/v1/README.md.");
    }

    private static string PathOf(string name, [CallerFilePath] string self = "") => Path.Combine(Path.GetDirectoryName(self)!, "v1", name);
}
