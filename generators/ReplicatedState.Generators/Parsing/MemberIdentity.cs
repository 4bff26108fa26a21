using System;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace ReplicatedState.Generators.Parsing;

/// <summary>The identity of commands, queries, events and state members: an explicit number, or the hash of the name with the top bit set.</summary>
internal static class MemberIdentity
{
    private const uint HashedBit = 0x8000_0000;
    private const uint Prime1 = 2654435761;
    private const uint Prime2 = 2246822519;
    private const uint Prime3 = 3266489917;
    private const uint Prime4 = 668265263;
    private const uint Prime5 = 374761393;

    /// <summary>Explicit numbers keep the top bit clear, so that the two kinds never meet.</summary>
    public static uint Of(string name, int explicitNumber) =>
        explicitNumber > 0 ? (uint)explicitNumber : Hash(Encoding.UTF8.GetBytes(name)) | HashedBit;

    /// <summary>Names differ, but need not be identifiers: whatever isn't becomes its code in hexadecimal.</summary>
    public static string ToIdentifier(string name)
    {
        string letters = string.Concat(name.Select(static letter => SyntaxFacts.IsIdentifierPartCharacter(letter) ? letter.ToString() : $"_{(int)letter:X}"));
        return SyntaxFacts.IsIdentifierStartCharacter(letters[0]) ? letters : $"_{letters}";
    }

    /// <summary>FNV-1a, 64 bits: the schema hash, which identifies nothing and only has to differ between sources.</summary>
    public static ulong SchemaHash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ unit) * 1099511628211);
        return hash;
    }

    /// <summary>XXH32 with seed 0. A generator can't load System.IO.Hashing.</summary>
    internal static uint Hash(byte[] bytes)
    {
        unchecked
        {
            int at = 0;
            uint hash;
            if (bytes.Length >= 16)
            {
                uint a = Prime1 + Prime2, b = Prime2, c = 0, d = 0 - Prime1;
                for (; at <= bytes.Length - 16; at += 16)
                {
                    a = Round(a, Word(bytes, at));
                    b = Round(b, Word(bytes, at + 4));
                    c = Round(c, Word(bytes, at + 8));
                    d = Round(d, Word(bytes, at + 12));
                }

                hash = Rotate(a, 1) + Rotate(b, 7) + Rotate(c, 12) + Rotate(d, 18);
            }
            else
            {
                hash = Prime5;
            }

            hash += (uint)bytes.Length;
            for (; at <= bytes.Length - 4; at += 4)
                hash = Rotate(hash + (Word(bytes, at) * Prime3), 17) * Prime4;
            for (; at < bytes.Length; at++)
                hash = Rotate(hash + (bytes[at] * Prime5), 11) * Prime1;
            hash = (hash ^ (hash >> 15)) * Prime2;
            hash = (hash ^ (hash >> 13)) * Prime3;
            return hash ^ (hash >> 16);
        }
    }

    private static uint Round(uint lane, uint word) => unchecked(Rotate(lane + (word * Prime2), 13) * Prime1);

    private static uint Rotate(uint value, int bits) => (value << bits) | (value >> (32 - bits));

    private static uint Word(byte[] bytes, int at) =>
        bytes[at] | ((uint)bytes[at + 1] << 8) | ((uint)bytes[at + 2] << 16) | ((uint)bytes[at + 3] << 24);
}
