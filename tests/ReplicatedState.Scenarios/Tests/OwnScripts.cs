using ReplicatedState.Scenarios.Interpreter;

namespace ReplicatedState.Scenarios.Tests;

/// <summary>Our own scenario files, one per trap or protocol step worth telling as a story.</summary>
public sealed class OwnScripts
{
    /// <summary>All of them, by name.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal).Select(System.IO.Path.GetFileNameWithoutExtension).OfType<string>()];

    private static string Folder => System.IO.Path.Combine(AppContext.BaseDirectory, "Scripts");

    internal static string Path(string name) => System.IO.Path.Combine(Folder, name + ".txt");

    [Theory]
    [MemberData(nameof(Names))]
    public void Our_core_does_what_the_script_tells(string name)
    {
        ScenarioResult result = ScenarioRunner.Run(Path(name));
        Assert.True(result.Passed, result.ToString());
    }
}
