using System.Runtime.CompilerServices;

namespace ReplicatedState.Generators.Tests.Driver;

/// <summary>Compares generated files with those checked in under Expected/.</summary>
/// <remarks>Set REPLICATEDSTATE_WRITE_EXPECTED=1 to write them anew, then review the difference like any other change.</remarks>
internal static class ExpectedFiles
{
    private const string Switch = "REPLICATEDSTATE_WRITE_EXPECTED";

    public static void Check(string folder, IEnumerable<(string Name, string Text)> generated, [CallerFilePath] string caller = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(caller)!, "Expected", folder);
        var actual = generated.ToDictionary(static file => file.Name, static file => file.Text);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            Directory.CreateDirectory(path);
            foreach (string stale in Directory.GetFiles(path))
                File.Delete(stale);
            foreach ((string name, string text) in actual)
                File.WriteAllText(Path.Combine(path, name), text);
        }

        Assert.True(Directory.Exists(path), $"No expected files in {path}; write them with {Switch}=1.");
        Assert.Equal(Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, string text) in actual)
        {
            string? difference = Difference(File.ReadAllText(Path.Combine(path, name)), text);
            Assert.True(difference is null, $"{folder}/{name} differs:\n{difference}");
        }
    }

    /// <summary>The lines from the first to the last that differ, with the expected ones before the actual ones.</summary>
    private static string? Difference(string expected, string actual)
    {
        if (expected == actual)
            return null;
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        int start = left.Zip(right).TakeWhile(static pair => pair.First == pair.Second).Count();
        int end = left.Skip(start).Reverse().Zip(right.Skip(start).Reverse()).TakeWhile(static pair => pair.First == pair.Second).Count();
        IEnumerable<string> lines = left[start..^end].Select(static line => "- " + line).Concat(right[start..^end].Select(static line => "+ " + line));
        return $"@@ line {start + 1} @@\n{string.Join('\n', lines)}";
    }
}
