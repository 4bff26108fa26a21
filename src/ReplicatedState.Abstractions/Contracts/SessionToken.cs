using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ReplicatedState;

/// <summary>How much of one group's history a client has seen. A query at least as recent sees the client's own writes, whichever node answers.</summary>
/// <remarks>
/// Its text is short, fits into a cookie, a header or a URL as it is, and is read back by <see cref="TryParse(string?, out SessionToken)"/>, so that ASP.NET Core binds it from a request. It is no
/// secret and proves nothing: a token that its group never gave is refused by the node.
/// </remarks>
/// <param name="Group">The group's number.</param>
/// <param name="Epoch">How often the cluster had been recovered by force: what was acknowledged before that may be gone.</param>
/// <param name="Index">The log index that was seen; 0 for nothing.</param>
public readonly record struct SessionToken(uint Group, uint Epoch, ulong Index) : IParsable<SessionToken>
{
    private const char Separator = '.';
    private const int TextLengthMax = 64;

    /// <summary>True where nothing has been seen.</summary>
    public bool IsEmpty => Index == 0;

    /// <summary>The token in text: three numbers with dots between them; <c>0.0.0</c> where nothing has been seen.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Group}{Separator}{Epoch}{Separator}{Index}");

    /// <summary>Reads a token from its text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SessionToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out SessionToken token)
            ? token
            : throw new FormatException($"'{(text.Length <= TextLengthMax ? text : text[..TextLengthMax] + "…")}' is no session token: that is three numbers with dots between them, such as 1.0.1742.");
    }

    /// <summary>Reads a token from its text; false where it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionToken token)
    {
        token = default;
        if (text is null || text.Length > TextLengthMax)
            return false;
        Span<Range> parts = stackalloc Range[4];
        ReadOnlySpan<char> characters = text;
        if (characters.Split(parts, Separator) != 3
            || !uint.TryParse(characters[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out uint group)
            || !uint.TryParse(characters[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out uint epoch)
            || !ulong.TryParse(characters[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong index))
            return false;
        token = new SessionToken(group, epoch, index);
        return true;
    }

    static SessionToken IParsable<SessionToken>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SessionToken>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionToken result) => TryParse(s, out result);
}
