using ReplicatedState.Scenarios.Format;
using ReplicatedState.Scenarios.Interpreter;
using ReplicatedState.Scenarios.Tables;

namespace ReplicatedState.Scenarios;

/// <summary>Runs a file of whatever kind it is; its first command tells.</summary>
internal static class ScenarioRunner
{
    /// <summary>Runs a file; never throws.</summary>
    public static ScenarioResult Run(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        try
        {
            return Run(ScenarioFile.Read(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ScenarioFormatException)
        {
            return new ScenarioResult(name, e.Message);
        }
    }

    /// <summary>Runs what was read; stops at the first difference.</summary>
    /// <exception cref="ScenarioFormatException">It can't be understood; the message names the line.</exception>
    public static ScenarioResult Run(ScenarioFile file) => file.Directives[0].Commands[0].Name switch
    {
        "committed" or "vote" => QuorumTable.Run(file),
        "simple" or "enter-joint" or "leave-joint" => ConfigurationTable.Run(file),
        _ => ScenarioInterpreter.Run(file),
    };
}
