using System.Text;

namespace ReplicatedState.Testing.Histories;

/// <summary>
/// What a register holds: nothing, or a text, possibly one that grew by appending. Appending and hashing take constant time however long the text is, and so does finding
/// two texts different; a checker does little else with them.
/// </summary>
public readonly struct RegisterValue : IEquatable<RegisterValue>
{
    private const ulong Base = 0x9E3779B97F4A7C15;
    private readonly Part? _last;

    private RegisterValue(Part? last) => _last = last;

    /// <summary>No value: nothing was written yet.</summary>
    public static RegisterValue None => default;

    /// <summary>True where nothing was written.</summary>
    public bool IsNone => _last is null;

    /// <summary>True where nothing, or the empty text, was written.</summary>
    public bool IsEmpty => _last is null or { Length: 0 };

    /// <summary>A text; null is <see cref="None"/>.</summary>
    public static RegisterValue Of(string? text)
    {
        if (text is null)
            return None;
        ulong hash = 0;
        ulong power = 1;
        foreach (char c in text)
        {
            hash = (hash * Base) + c + 1;
            power *= Base;
        }

        return new RegisterValue(new Part(null, text, text.Length, hash, power));
    }

    /// <summary>The text with another behind it.</summary>
    public RegisterValue Append(RegisterValue text)
    {
        if (text.IsEmpty)
            return _last is null ? text : this;
        if (IsEmpty)
            return text;
        Part end = text._last!.Before is null ? text._last : Of(text.ToString())._last!;
        return new RegisterValue(new Part(_last, end.Text, _last!.Length + end.Length, (_last.Hash * end.Power) + end.Hash, _last.Power * end.Power));
    }

    /// <inheritdoc/>
    public bool Equals(RegisterValue other)
    {
        Part? left = _last;
        Part? right = other._last;
        if (ReferenceEquals(left, right))
            return true;
        return left is not null && right is not null && left.Hash == right.Hash && left.Length == right.Length && HaveEqualText(left, right);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RegisterValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _last is null ? 0 : (int)(_last.Hash >> 32) ^ (int)_last.Hash;

    /// <summary>The text; "nil" for none.</summary>
    public override string ToString()
    {
        if (_last is null)
            return "nil";
        if (_last.Before is null)
            return _last.Text;
        return string.Create(_last.Length, _last, static (text, last) =>
        {
            for (Part? part = last; part is not null; part = part.Before)
            {
                text = text[..part.Length];
                part.Text.CopyTo(text[^part.Text.Length..]);
            }
        });
    }

    /// <summary>Equal content.</summary>
    public static bool operator ==(RegisterValue left, RegisterValue right) => left.Equals(right);

    /// <summary>Different content.</summary>
    public static bool operator !=(RegisterValue left, RegisterValue right) => !left.Equals(right);

    /// <summary>From the ends, where texts that grow differ; up to a part that both have in common.</summary>
    private static bool HaveEqualText(Part left, Part right)
    {
        ReadOnlySpan<char> a = left.Text;
        ReadOnlySpan<char> b = right.Text;
        while (true)
        {
            int common = Math.Min(a.Length, b.Length);
            if (!a[^common..].SequenceEqual(b[^common..]))
                return false;
            a = a[..^common];
            b = b[..^common];
            if (a.IsEmpty && b.IsEmpty && ReferenceEquals(left.Before, right.Before))
                return true;
            if (a.IsEmpty)
                a = (left = left.Before!).Text;
            if (b.IsEmpty)
                b = (right = right.Before!).Text;
        }
    }

    private sealed class Part(Part? before, string text, int length, ulong hash, ulong power)
    {
        public readonly Part? Before = before;
        public readonly string Text = text;
        public readonly int Length = length;
        public readonly ulong Hash = hash;
        public readonly ulong Power = power;
    }
}
