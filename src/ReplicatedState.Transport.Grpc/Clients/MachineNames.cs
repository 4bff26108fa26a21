using System.Text;

namespace ReplicatedState.Transport.Grpc.Clients;

/// <summary>Remembers the machine names that clients send, so that a call doesn't cost a string. Safe for concurrent use without locks.</summary>
internal static class MachineNames
{
    private const int Slots = 64;
    private static readonly string?[] Seen = new string?[Slots];

    /// <summary>The name; null where none was sent.</summary>
    public static string? Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return null;
        int slot = (utf8.Length + (utf8[0] * 7) + (utf8[^1] * 31)) % Slots;
        string? seen = Volatile.Read(ref Seen[slot]);
        if (seen is not null && Ascii.Equals(utf8, seen))
            return seen;
        string name = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref Seen[slot], name);
        return name;
    }
}
