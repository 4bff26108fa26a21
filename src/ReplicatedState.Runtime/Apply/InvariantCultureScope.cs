using System.Globalization;

namespace ReplicatedState.Runtime.Apply;

/// <summary>Runs the user's code with the invariant culture, and leaves the thread's as it was, also where that code changed it.</summary>
internal readonly ref struct InvariantCultureScope
{
    private readonly CultureInfo _before;

    private InvariantCultureScope(CultureInfo before) => _before = before;

    public static InvariantCultureScope Enter()
    {
        var scope = new InvariantCultureScope(CultureInfo.CurrentCulture);
        Set(CultureInfo.InvariantCulture);
        return scope;
    }

    public void Dispose() => Set(_before);

    /// <summary>Setting a culture costs an execution context, so it is done only where it changes something.</summary>
    private static void Set(CultureInfo culture)
    {
        if (!ReferenceEquals(CultureInfo.CurrentCulture, culture))
            CultureInfo.CurrentCulture = culture;
    }
}
