namespace ReplicatedState.Json;

/// <summary>Finds the name that somebody may have meant who wrote another one.</summary>
internal static class NearestName
{
    private const int LengthMax = 64;

    /// <summary>" Did you mean '…'?", or nothing where no name is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known) => Of(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>The nearest name, where one is within a third of its letters; else null.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LengthMax)
            return null;
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in known.Where(static candidate => candidate.Length <= LengthMax))
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least && distance <= Math.Max(1, candidate.Length / 3))
                (nearest, least) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>How many letters have to be put in, taken out, replaced, or swapped with their neighbour (Damerau and Levenshtein, no letter being touched twice).</summary>
    private static int Distance(string left, string right)
    {
        Span<int> above = stackalloc int[LengthMax + 1];
        Span<int> before = stackalloc int[LengthMax + 1];
        Span<int> row = stackalloc int[LengthMax + 1];
        for (int j = 0; j <= right.Length; j++)
            row[j] = j;
        for (int i = 0; i < left.Length; i++)
        {
            before.CopyTo(above);
            row.CopyTo(before);
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replaced = before[j] + (left[i] == right[j] ? 0 : 1);
                int swapped = i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j] ? above[j - 1] + 1 : int.MaxValue;
                row[j + 1] = Math.Min(Math.Min(replaced, swapped), 1 + Math.Min(row[j], before[j + 1]));
            }
        }

        return row[right.Length];
    }
}
