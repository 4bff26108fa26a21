namespace ReplicatedState.Generators.Tests.Matrix;

/// <summary>Spoils valid bytes, the same way in every run.</summary>
internal static class Mutations
{
    /// <summary>Headers that lie: the largest array, map, text, byte string and extension, and a byte that means nothing.</summary>
    private static readonly byte[][] Headers =
    [
        [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0x7F, 0xFF, 0xFF, 0xFF], [0xDB, 0x7F, 0xFF, 0xFF, 0xFF], [0xC6, 0x7F, 0xFF, 0xFF, 0xFF], [0xC9, 0x7F, 0xFF, 0xFF, 0xFF, 0x05],
        [0xDC, 0xFF, 0xFF], [0xDE, 0xFF, 0xFF], [0x9F], [0x8F], [0xBF], [0xC0], [0xC1], [0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0],
    ];

    public static byte[] Of(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.RemoveAt(at);
                    bytes.InsertRange(at, Headers[random.Next(Headers.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
