using ReplicatedState.Histories.Formats;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Histories.Tests;

/// <summary>Histories of other projects of which it is known whether they are linearizable.</summary>
public sealed class LabelledHistoryTests
{
    [SkippableFact]
    public void Every_labelled_register_history_is_judged_right()
    {
        string folder = ReferenceData.Folder("jepsen-etcd");
        Dictionary<string, bool> labels = Labels.Read(Path.Combine(folder, "labels.csv"));
        Assert.True(labels.Count > 50, $"only {labels.Count} labels");
        ExpectVerdicts(RegisterModel.Register, labels.Select(l => (Path.Combine(folder, l.Key), l.Value)));
    }

    [SkippableFact]
    public void Every_labelled_key_value_history_is_judged_right()
    {
        string[] files = Directory.GetFiles(ReferenceData.Folder("kv"), "*.txt");
        Assert.NotEmpty(files);
        ExpectVerdicts(RegisterModel.KeyValue, files.Select(f => (f, f.EndsWith("-ok.txt", StringComparison.Ordinal))));
    }

    [SkippableFact]
    public void What_explains_a_prefix_of_a_bad_history_really_explains_it()
    {
        string folder = ReferenceData.Folder("jepsen-etcd");
        int violations = 0;
        foreach (string file in Directory.GetFiles(folder, "*.log"))
        {
            if (LinearizabilityChecker.Check(RegisterModel.Register, HistoryFile.Read(file)).Violation is not { } violation)
                continue;
            violations++;
            Explanations.MustHold(RegisterModel.Register, violation);
        }

        Assert.True(violations > 20, $"only {violations} violations");
    }

    private static void ExpectVerdicts(RegisterModel model, IEnumerable<(string Path, bool IsLinearizable)> files)
    {
        var wrong = new List<string>();
        foreach ((string path, bool isLinearizable) in files)
        {
            HistoryVerdict verdict = LinearizabilityChecker.Check(model, HistoryFile.Read(path)).Verdict;
            if (verdict != (isLinearizable ? HistoryVerdict.Linearizable : HistoryVerdict.NotLinearizable))
                wrong.Add($"{Path.GetFileName(path)} is {verdict}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
