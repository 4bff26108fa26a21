using System.Buffers;
using MessagePack;
using ReplicatedState.Events;

namespace ReplicatedState.Runtime.Apply;

/// <summary>What watches are answered from.</summary>
public sealed partial class GroupMachine
{
    /// <summary>Events that are kept.</summary>
    public int EventCount => _effects.Events.Count;

    /// <summary>The place behind the last event.</summary>
    internal EventOffset EventsEnd => _effects.Events.End;

    /// <summary>The first place from which on all events are kept.</summary>
    internal EventOffset EventsFloor => _effects.Events.Floor;

    /// <inheritdoc cref="EventLog.TryFind"/>
    internal bool TryFindEvent(uint id, ref EventOffset from) => _effects.Events.TryFind(id, ref from);

    /// <summary>Writes a page of events: what is there from a place on.</summary>
    /// <param name="id">Which of the machine's events.</param>
    /// <param name="from">The place, not before <see cref="EventsFloor"/>.</param>
    /// <param name="body">Gets the page.</param>
    internal void WriteEvents(uint id, EventOffset from, IBufferWriter<byte> body)
    {
        var writer = new MessagePackWriter(body);
        _effects.Events.WritePage(ref writer, id, from, AppliedIndex);
        writer.Flush();
    }
}
