using System.Globalization;

namespace ReplicatedState.Runtime.Storage;

/// <summary>One file of the journal, and how much of it is still needed.</summary>
internal sealed class JournalSegment(ulong number, IStorageFile file) : IDisposable
{
    private const string Suffix = ".journal";

    public ulong Number => number;

    public IStorageFile File => file;

    /// <summary>Where its last record ends.</summary>
    public long End { get; set; }

    /// <summary>The checksum of its last record.</summary>
    public uint LastChecksum { get; set; }

    /// <summary>Bytes of entries that live in it.</summary>
    public long LiveBytes { get; set; }

    public static string NameOf(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture) + Suffix;

    public static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.Length == 16 + Suffix.Length
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            && name == NameOf(number)
            && number > 0;
    }

    public void Dispose() => file.Dispose();
}
