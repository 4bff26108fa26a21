namespace ReplicatedState.NativeTypes;

/// <summary>The machines that this program was built with, by the names of their cases.</summary>
internal static partial class CaseRuns
{
    public static IReadOnlyDictionary<string, ICaseRun> All
    {
        get
        {
            var runs = new Dictionary<string, ICaseRun>();
            AddWritten(runs);
            return runs;
        }
    }

    static partial void AddWritten(Dictionary<string, ICaseRun> runs);
}
