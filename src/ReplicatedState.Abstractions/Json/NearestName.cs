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

    /// <summary>How many letters have to be put in, taken out or replaced (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[LengthMax + 1];
        for (int i = 0; i <= right.Length; i++)
            row[i] = i;
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replaced = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[right.Length];
    }
}
