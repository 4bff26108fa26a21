using ReplicatedState.Scenarios.Transcript;

namespace ReplicatedState.Scenarios.Comparison;

/// <summary>Compares by meaning: every message with all its fields, every hard state, entry, role and progress must be the same, in the same turns.</summary>
internal static class TranscriptComparer
{
    /// <summary>The first difference in a sentence, or null.</summary>
    public static string? Difference(IEnumerable<TranscriptLine> expected, IEnumerable<TranscriptLine> actual)
    {
        List<TranscriptLine> left = PermittedDifferences.Normalize(expected);
        List<TranscriptLine> right = PermittedDifferences.Normalize(actual);
        for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            TranscriptLine? want = i < left.Count ? left[i] : null;
            TranscriptLine? have = i < right.Count ? right[i] : null;
            if (!Equals(want, have))
                return $"{Where(left, right, i)}expected [{want?.ToString() ?? "nothing more"}], got [{have?.ToString() ?? "nothing more"}]";
        }

        return null;
    }

    private static string Where(List<TranscriptLine> left, List<TranscriptLine> right, int at)
    {
        for (int i = Math.Min(at, Math.Min(left.Count, right.Count) - 1); i >= 0; i--)
        {
            if (left[i] is ActivityLine activity && Equals(left[i], right[i]))
                return $"in '{activity}': ";
        }

        return "";
    }
}
