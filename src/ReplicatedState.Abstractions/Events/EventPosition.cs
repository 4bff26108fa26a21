using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ReplicatedState;

/// <summary>A place in the order of a machine's events: where a watch begins, or goes on. The same on every replica.</summary>
/// <remarks>Its text is four numbers with dots between them and is read back by <see cref="TryParse"/>: keep it with what you have made of the events.</remarks>
/// <param name="Group">The group's number; 0 where the position isn't tied to one.</param>
/// <param name="Epoch">How often the cluster had been recovered by force: what was emitted before that may be gone.</param>
/// <param name="Index">The log index of the entry that emits; 0 for <see cref="Now"/>.</param>
/// <param name="Ordinal">How many events the same entry has emitted before, of any type.</param>
public readonly record struct EventPosition(uint Group, uint Epoch, ulong Index, int Ordinal) : IParsable<EventPosition>
{
    private const char Separator = '.';
    private const int PartsCount = 4;
    private const int TextLengthMax = 64;

    /// <summary>The default: what is emitted from the moment on at which a watch gets its first answer, later than every command that was acknowledged before the watch began.</summary>
    public static EventPosition Now => default;

    /// <summary>The very first event of the machine; a watch from there ends with <see cref="TooFarBehindException"/> where it is no longer kept.</summary>
    public static EventPosition First => new(0, 0, 1, 0);

    /// <summary>True for <see cref="Now"/>.</summary>
    public bool IsNow => Index == 0;

    /// <summary>The position right behind: where a watch goes on after the event that is at this one.</summary>
    /// <exception cref="InvalidOperationException">It is <see cref="Now"/>, which comes before nothing in particular.</exception>
    public EventPosition Next => IsNow ? throw new InvalidOperationException("Now is no event's position, so nothing is next to it.") : this with { Ordinal = Ordinal + 1 };

    /// <summary>Everything that a session has not seen: read the state, then watch from here, and no change is missed or comes twice.</summary>
    /// <remarks>Take the token of a session of its own that made one query before; that of a busy session may have seen more than the query that you look at.</remarks>
    public static EventPosition After(SessionToken token) => token.IsEmpty ? First : new(token.Group, token.Epoch, token.Index + 1, 0);

    /// <summary>The position in text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Group}{Separator}{Epoch}{Separator}{Index}{Separator}{Ordinal}");

    /// <summary>Reads a position from its text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static EventPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out EventPosition position)
            ? position
            : throw new FormatException($"'{(text.Length <= TextLengthMax ? text : text[..TextLengthMax] + "…")}' is no position among events: that is four numbers with dots between them, such as 1.0.1742.0.");
    }

    /// <summary>Reads a position from its text; false where it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventPosition position)
    {
        position = default;
        if (text is null || text.Length > TextLengthMax)
            return false;
        Span<Range> parts = stackalloc Range[PartsCount + 1];
        ReadOnlySpan<char> characters = text;
        if (characters.Split(parts, Separator) != PartsCount
            || !uint.TryParse(characters[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out uint group)
            || !uint.TryParse(characters[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out uint epoch)
            || !ulong.TryParse(characters[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong index)
            || !int.TryParse(characters[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
            return false;
        position = new EventPosition(group, epoch, index, ordinal);
        return true;
    }

    internal EventPosition(uint group, uint epoch, Events.EventOffset offset)
        : this(group, epoch, offset.Index, offset.Ordinal)
    {
    }

    internal Events.EventOffset Offset => new(Index, Ordinal);

    static EventPosition IParsable<EventPosition>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<EventPosition>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EventPosition result) => TryParse(s, out result);
}
