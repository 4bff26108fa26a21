using System.Text;

namespace ReplicatedState;

/// <summary>What may be an idempotency key: 1 to <see cref="BytesMax"/> bytes of UTF-8, compared byte by byte.</summary>
public static class IdempotencyKey
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int BytesMax = 64;

    private const int QuotedMax = 64;

    // Replacing what has no encoding would make different keys equal.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The key as it travels.</summary>
    /// <exception cref="ArgumentException">It is null, empty, too long or no Unicode text; the message names it.</exception>
    public static byte[] Encode(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length == 0)
            throw new ArgumentException($"An idempotency key has 1 to {BytesMax} bytes of UTF-8; this one is empty.", nameof(key));
        byte[] bytes;
        try
        {
            // No text is shorter in UTF-8 than it has characters, so an absurdly long one isn't encoded first.
            bytes = key.Length <= BytesMax ? Strict.GetBytes(key) : [];
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"The idempotency key '{key}' is no Unicode text: half of a surrogate pair is missing.", nameof(key), e);
        }

        return bytes.Length is > 0 and <= BytesMax
            ? bytes
            : throw new ArgumentException(
                $"An idempotency key has 1 to {BytesMax} bytes of UTF-8; '{(key.Length <= QuotedMax ? key : key[..QuotedMax] + "…")}' has {Encoding.UTF8.GetByteCount(key)}.",
                nameof(key));
    }
}
