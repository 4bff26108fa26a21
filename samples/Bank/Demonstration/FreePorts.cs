using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BankSample.Demonstration;

/// <summary>Finds ports that nobody listens on.</summary>
/// <remarks>
/// They lie below the range from which the system takes ports for outgoing connections. Otherwise, while a node is down, a dial from somewhere could
/// be given the node's port as its own; a dial to that port could even connect to itself.
/// </remarks>
internal static class FreePorts
{
    private const int Lowest = 10_000;

    /// <summary>As many different ports as asked for, free at this moment.</summary>
    public static int[] Find(int count)
    {
        int ephemeral = FirstEphemeralPort();
        var ports = new List<int>(count);
        for (int attempt = 0; ports.Count < count; attempt++)
        {
            if (attempt > 10_000)
                throw new InvalidOperationException($"No {count} free ports between {Lowest} and {ephemeral}.");
            int port = Random.Shared.Next(Lowest, ephemeral);
            if (!ports.Contains(port) && IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FirstEphemeralPort()
    {
        const string LinuxRange = "/proc/sys/net/ipv4/ip_local_port_range";
        if (File.Exists(LinuxRange)
            && int.TryParse(File.ReadAllText(LinuxRange).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out int first)
            && first > Lowest + 1000)
            return first;
        // What IANA suggests is 49152; older Linux and BSD begin at 32768.
        return 32_768;
    }
}
