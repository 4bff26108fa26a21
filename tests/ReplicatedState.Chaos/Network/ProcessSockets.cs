using System.Globalization;

namespace ReplicatedState.Chaos.Network;

/// <summary>Which process has a TCP connection, by Linux's <c>/proc</c>.</summary>
internal static class ProcessSockets
{
    private const int LocalField = 1;
    private const int RemoteField = 2;
    private const int InodeField = 9;

    /// <summary>The socket at the dialling end of a connection on this machine; null where there is none (any more).</summary>
    public static string? InodeOf(int localPort, int remotePort)
    {
        // A socket for both families is listed among those of IPv6, also when it talks IPv4.
        foreach (string table in (string[])["/proc/net/tcp6", "/proc/net/tcp"])
        {
            if (!File.Exists(table))
                continue;
            foreach (string line in File.ReadLines(table).Skip(1))
            {
                string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (PortIn(fields[LocalField]) == localPort && PortIn(fields[RemoteField]) == remotePort && fields[InodeField] != "0")
                    return fields[InodeField];
            }
        }

        return null;
    }

    /// <summary>Whether a process has a socket open.</summary>
    public static bool Owns(int processId, string inode)
    {
        string socket = $"socket:[{inode}]";
        try
        {
            return Directory.EnumerateFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd")).Any(descriptor => new FileInfo(descriptor).LinkTarget == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, perhaps while it was looked at.
            return false;
        }
    }

    private static int PortIn(string addressAndPort) => int.Parse(addressAndPort[(addressAndPort.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
