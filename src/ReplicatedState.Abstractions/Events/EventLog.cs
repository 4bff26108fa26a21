using System.Buffers;
using MessagePack;

namespace ReplicatedState.Events;

/// <summary>The last events of one machine: replicated state, which snapshots and hashes include. What a command emits counts only if the command doesn't throw.</summary>
/// <remarks>Not safe for concurrent use, but for readers where nobody writes. Equal calls leave equal logs on every replica, so the limits are no options.</remarks>
internal sealed partial class EventLog
{
    /// <summary>The most events that are kept; for another one the oldest goes.</summary>
    public const int CountMax = 65_536;

    /// <summary>The most bytes that they may have together.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    /// <summary>The most events of one command.</summary>
    public const int EmittedCountMax = 4_096;

    /// <summary>The most bytes that they may have together: a page of a watch holds any event.</summary>
    public const int EmittedBytesMax = 1024 * 1024;

    private const int BufferKeptMax = 64 * 1024;
    private readonly List<(uint Id, int End)> _emitted = [];
    private ArrayBufferWriter<byte> _bytesEmitted = new();
    private ArrayBufferWriter<byte> _encoding = new();
    private LoggedEvent[] _ring = [];
    private int _first;
    private int _count;
    private long _bytes;

    /// <summary>Events that are kept.</summary>
    public int Count => _count;

    /// <summary>From here on every event is kept that there was.</summary>
    public EventOffset Floor { get; private set; }

    /// <summary>The place behind the last event that there was.</summary>
    public EventOffset End { get; private set; }

    /// <summary>The events of the command that runs: their values, one behind the other.</summary>
    public ReadOnlySpan<byte> Emitted => _bytesEmitted.WrittenSpan;

    private ref LoggedEvent this[int at] => ref _ring[(_first + at) & (_ring.Length - 1)];

    /// <summary>Takes an event of the command that runs.</summary>
    /// <exception cref="CommandRejectedException">The command has emitted too much.</exception>
    /// <exception cref="InvalidOperationException">The machine declares no such event.</exception>
    public void Emit<TEvent>(IStateMachine machine, int machineVersion, TEvent value)
    {
        // Encoded apart, because a command may catch what is thrown here or by the encoding, and go on: nothing may be left of an event that was refused.
        Empty(ref _encoding);
        var writer = new MessagePackWriter(_encoding);
        if (!machine.WriteEvent(value, machineVersion, ref writer, out uint id))
            return;
        writer.Flush();
        int bytes = _bytesEmitted.WrittenCount + _encoding.WrittenCount;
        if (_emitted.Count == EmittedCountMax)
            throw new CommandRejectedException("too_many_events", $"A command may emit {EmittedCountMax} events.");
        if (bytes > EmittedBytesMax)
            throw new CommandRejectedException("too_many_events", $"The events of a command may have {EmittedBytesMax} bytes together, and with one of {_encoding.WrittenCount} bytes more these would have {bytes}.");
        _bytesEmitted.Write(_encoding.WrittenSpan);
        _emitted.Add((id, bytes));
    }

    /// <summary>The command has run: what it emitted counts.</summary>
    public void Commit(ulong index, long timeMs)
    {
        if (_emitted.Count == 0)
            return;
        int start = 0;
        foreach ((uint id, int end) in _emitted)
        {
            EventOffset offset = End.Index == index ? End : new EventOffset(index, 0);
            Add(new LoggedEvent(offset, timeMs, id, _bytesEmitted.WrittenSpan[start..end].ToArray()));
            start = end;
        }

        Rollback();
    }

    /// <summary>The command has thrown: it has emitted nothing.</summary>
    public void Rollback()
    {
        _emitted.Clear();
        Empty(ref _bytesEmitted);
    }

    private static void Empty(ref ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > BufferKeptMax)
            buffer = new ArrayBufferWriter<byte>();
        else
            buffer.ResetWrittenCount();
    }

    private void Add(in LoggedEvent added)
    {
        if (_count == _ring.Length)
            Grow();
        _count++;
        this[_count - 1] = added;
        _bytes += added.SizeBytes;
        End = added.Offset.Next;
        while (_count > CountMax || _bytes > BytesMax)
            DropOldest();
    }

    private void DropOldest()
    {
        ref LoggedEvent oldest = ref this[0];
        Floor = oldest.Offset.Next;
        _bytes -= oldest.SizeBytes;
        oldest = default;
        _first = (_first + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        var grown = new LoggedEvent[Math.Max(16, _ring.Length * 2)];
        for (int i = 0; i < _count; i++)
            grown[i] = this[i];
        _ring = grown;
        _first = 0;
    }

    /// <summary>The first event that is at a place or behind it, counted from the oldest.</summary>
    private int Find(EventOffset from)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (this[middle].Offset < from)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
