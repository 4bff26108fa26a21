using System.Net;
using System.Net.Sockets;

namespace ReplicatedState.Chaos.Network;

/// <summary>Stands in front of a node, at the address that the node advertises: everything that peers and clients send to it, and get from it, passes here.</summary>
internal sealed class NodeProxy : IAsyncDisposable
{
    private readonly string _name;
    private readonly int _port;
    private readonly int _nodePort;
    private readonly FaultNetwork _network;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <summary>Listens, and goes on listening while the node is down.</summary>
    public NodeProxy(string name, int port, int nodePort, FaultNetwork network)
    {
        _name = name;
        _port = port;
        _nodePort = nodePort;
        _network = network;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                Socket dialled = await _listener.AcceptSocketAsync(_stop.Token);
                connections.RemoveAll(static connection => connection.IsCompleted);
                connections.Add(Task.Run(() => ServeAsync(dialled)));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket dialled)
    {
        using (dialled)
        using (var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            // Whatever ends abruptly on one side ends abruptly on the other.
            dialled.LingerState = node.LingerState = new LingerOption(true, 0);
            if (_network.DialerOf(((IPEndPoint)dialled.RemoteEndPoint!).Port, _port) is not { } dialler)
                return;
            _network.Packets?.Mark(dialled, dialler, _name);
            _network.Packets?.Mark(node, dialler, _name);
            try
            {
                dialled.NoDelay = node.NoDelay = true;
                await node.ConnectAsync(IPAddress.Loopback, _nodePort, _stop.Token);
                using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                var there = new Pump(dialled, node, _network.Between(dialler, _name));
                var back = new Pump(node, dialled, _network.Between(_name, dialler));
                await Task.WhenAll(there.RunAsync(broken), back.RunAsync(broken));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The node is down, or one end went away: so does the connection.
            }
        }
    }
}
