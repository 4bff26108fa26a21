using System.Globalization;

namespace ReplicatedState.Testing.Cluster;

/// <summary>Whose call it is and which: carried through the log as the caller, so that an execution is known for what it is, whatever became of the answer.</summary>
/// <param name="Client">What the machine sees as <see cref="CommandContext.Caller"/>.</param>
/// <param name="Number">The client's number.</param>
/// <param name="Serial">Counts the client's calls from 1.</param>
internal readonly record struct CallName(string Client, int Number, ulong Serial)
{
    private const char Separator = '#';

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"client{number}");

    public static CallName Parse(string caller)
    {
        int at = caller.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0
            ? new CallName(caller, 0, 0)
            : new CallName(
                caller[..at], int.Parse(caller.AsSpan("client".Length, at - "client".Length), CultureInfo.InvariantCulture), ulong.Parse(caller.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Client}{Separator}{Serial}");
}
