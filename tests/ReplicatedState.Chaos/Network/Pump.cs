using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ReplicatedState.Chaos.Network;

/// <summary>Carries the bytes of one direction of a connection over its link, in order.</summary>
internal sealed class Pump(Socket source, Socket sink, Link link)
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>So much is on its way at a time; a sender that is held back notices only after that, as with a real network's buffers.</summary>
    private const int ChunksMax = 64;

    private readonly Channel<Chunk> _way = Channel.CreateBounded<Chunk>(ChunksMax);

    /// <summary>Runs until the source has ended and everything has arrived, or the connection broke.</summary>
    /// <param name="broken">Cancelled here where this direction breaks, so that the other one ends too.</param>
    public Task RunAsync(CancellationTokenSource broken) => Task.WhenAll(BreakingAsync(TakeAsync(broken.Token), broken), BreakingAsync(BringAsync(broken.Token), broken));

    private static async Task BreakingAsync(Task half, CancellationTokenSource broken)
    {
        try
        {
            await half;
        }
        catch (SocketException)
        {
            // Otherwise the other halves would wait for bytes that never come.
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task TakeAsync(CancellationToken broken)
    {
        try
        {
            while (true)
            {
                byte[] bytes = new byte[ChunkBytes];
                int count = await source.ReceiveAsync(bytes, broken);
                if (count == 0)
                    return;
                TimeSpan delay = link.DrawDelay();
                await _way.Writer.WriteAsync(new Chunk(bytes.AsMemory(0, count), Stopwatch.GetTimestamp(), delay), broken);
            }
        }
        finally
        {
            _way.Writer.Complete();
        }
    }

    private async Task BringAsync(CancellationToken broken)
    {
        await foreach (Chunk chunk in _way.Reader.ReadAllAsync(broken))
        {
            TimeSpan left = chunk.Delay - Stopwatch.GetElapsedTime(chunk.TakenAt);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, broken);
            await link.PassAsync(broken);
            for (ReadOnlyMemory<byte> rest = chunk.Bytes; !rest.IsEmpty;)
                rest = rest[await sink.SendAsync(rest, broken)..];
        }

        sink.Shutdown(SocketShutdown.Send);
    }

    private readonly record struct Chunk(ReadOnlyMemory<byte> Bytes, long TakenAt, TimeSpan Delay);
}
