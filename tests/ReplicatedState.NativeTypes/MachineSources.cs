using ReplicatedState.Generators.Tests.Matrix;

namespace ReplicatedState.NativeTypes;

/// <summary>Writes the machine of every type as source, and the list of them.</summary>
internal static class MachineSources
{
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (TypeCase type in TypeCases.All)
            File.WriteAllText(Path.Combine(directory, $"{type.Name}.cs"), $"#nullable enable\n{TypeCase.Usings}{type.Source}");
        string runs = string.Concat(TypeCases.All.Select(type => $"        runs.Add(\"{type.Name}\", new CaseRun<Matrix.Of{type.Name}.Machine>(Matrix.Of{type.Name}.Calls.PutAsync, Matrix.Of{type.Name}.Calls.GetAsync));\n"));
        File.WriteAllText(
            Path.Combine(directory, "CaseRuns.Written.cs"),
            $$"""
            namespace ReplicatedState.NativeTypes;

            internal static partial class CaseRuns
            {
                static partial void AddWritten(Dictionary<string, ICaseRun> runs)
                {
            {{runs}}    }
            }
            """);
    }
}
