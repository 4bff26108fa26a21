using System.Net;
using System.Net.Sockets;

namespace ReplicatedState.Integration.Nodes;

/// <summary>Ports for nodes, below the range that the system takes for outgoing connections, so that nobody gets one while its node is down.</summary>
internal static class Ports
{
    private const int Lowest = 21_000;
    private const int Highest = 31_000;
    private static readonly Lock Gate = new();
    private static int _next = Lowest + Environment.ProcessId % (Highest - Lowest);

    /// <summary>One that nobody listens on, different from all that were given out before.</summary>
    public static int Take()
    {
        lock (Gate)
        {
            while (true)
            {
                _next = _next >= Highest ? Lowest : _next + 1;
                if (IsFree(_next))
                    return _next;
            }
        }
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
}
