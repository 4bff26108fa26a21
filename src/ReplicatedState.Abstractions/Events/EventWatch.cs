using System.Runtime.CompilerServices;
using MessagePack;
using ReplicatedState.Events;
using ReplicatedState.Serialization;

namespace ReplicatedState;

/// <summary>A machine's events of one type as an asynchronous stream: what stands behind the generated <c>Watch{Event}Async</c>.</summary>
public static class EventWatch
{
    /// <summary>Hands out the events from a position on, in order, each once, until it is cancelled or ends with an error.</summary>
    /// <remarks>It buffers one page: at most 1 024 events, 256 KiB and one event. Nothing is asked for before that is consumed, so a slow consumer falls behind and costs nobody memory.</remarks>
    /// <param name="channel">Where the calls go.</param>
    /// <param name="eventId">Which of the machine's events.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="decode">Decodes its value.</param>
    /// <param name="from">From where on.</param>
    /// <param name="cancellationToken">Ends the watch with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="TooFarBehindException">Events from the position on are no longer kept.</exception>
    /// <exception cref="ConsensusException">The watch could not begin, or can't go on. One that has begun outlives every outage, however long: only what no retry mends ends it.</exception>
    public static async IAsyncEnumerable<MachineEvent<TEvent>> WatchAsync<TEvent>(
        IStateMachineChannel channel,
        uint eventId,
        string name,
        EventDecoder<TEvent> decode,
        EventPosition from,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(decode);
        var events = new List<MachineEvent<TEvent>>();
        bool hasBegun = false;
        while (true)
        {
            try
            {
                using EventPage page = await channel.ReadEventsAsync(new EventRequest(eventId, from), cancellationToken).ConfigureAwait(false);
                from = Decode(page, from, name, decode, events);
                hasBegun = true;
            }
            catch (ConsensusException outage) when (hasBegun && (outage.IsRetryable || outage is NotLeaderException))
            {
                continue; // the channel has tried for as long as it tries, and what happens meanwhile comes afterwards
            }

            foreach (MachineEvent<TEvent> next in events)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return next;
            }

            events.Clear();
        }
    }

    private static EventPosition Decode<TEvent>(in EventPage page, EventPosition from, string name, EventDecoder<TEvent> decode, List<MachineEvent<TEvent>> into)
    {
        try
        {
            var reader = new MessagePackReader(page.Bytes);
            int count = reader.ReadArrayHeader() - EventLog.PageHeaderCount;
            var next = new EventPosition(page.Group, page.Epoch, reader.ReadUInt64(), reader.ReadInt32());
            EventOffset before = from.Offset;
            for (int i = 0; i < count; i++)
            {
                if (reader.ReadArrayHeader() != EventLog.PageEventPartsCount)
                    throw new MessagePackSerializationException("An event has four parts.");
                var position = new EventPosition(page.Group, page.Epoch, reader.ReadUInt64(), reader.ReadInt32());
                DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
                if (position.Offset < before)
                    throw new MessagePackSerializationException($"The event at {position} comes after the one at {before.Index}.{before.Ordinal}.");
                before = position.Offset.Next;
                into.Add(new MachineEvent<TEvent>(position, time, decode(ref reader)));
            }

            return count >= 0 && next.Offset >= before && reader.End
                ? next
                : throw new MessagePackSerializationException("The page's end doesn't fit its events.");
        }
        catch (Exception error) when (CallFormat.IsDecodingError(error))
        {
            throw CallFormat.InvalidReply($"the watch of '{name}'", error);
        }
    }
}
