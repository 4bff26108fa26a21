using ReplicatedState.Consensus;

namespace ReplicatedState.Testing.Exhaustive;

/// <summary>The messages on their way: each link in order, but for those that may arrive whenever.</summary>
internal sealed class ExhaustiveNetwork(StateHasher hasher, bool ordered)
{
    private readonly List<Parcel> _parcels = [];

    /// <summary>How many are on their way.</summary>
    public int Count => _parcels.Count;

    /// <summary>The message at a place.</summary>
    public Message this[int place] => _parcels[place].Message;

    /// <summary>A message leaves.</summary>
    public void Add(in Message message)
    {
        Message copy = message;
        copy.Entries = message.Entries.ToArray();
        foreach (Entry entry in copy.Entries.Span)
            entry.Retain(); // for ever: a world is thrown away as a whole
        _parcels.Add(new Parcel(copy, HashOf(copy, mirrored: false), HashOf(copy, mirrored: true), IsLate: !ordered));
    }

    /// <summary>Takes a message off its way.</summary>
    public Message Take(int place)
    {
        Message message = _parcels[place].Message;
        _parcels.RemoveAt(place);
        return message;
    }

    /// <summary>Lets others overtake a message from now on.</summary>
    public void Delay(int place) => _parcels[place] = _parcels[place] with { IsLate = true };

    /// <summary>Whether nothing has to arrive before it.</summary>
    public bool IsNext(int place)
    {
        Parcel parcel = _parcels[place];
        for (int i = 0; i < place; i++)
        {
            Parcel earlier = _parcels[i];
            // Of equal messages one is enough; of a link's the first.
            bool isBehind = parcel.IsLate ? earlier.IsLate && earlier.Hash == parcel.Hash : !earlier.IsLate && earlier.IsOnLinkOf(parcel);
            if (isBehind)
                return false;
        }

        return true;
    }

    /// <summary>Whether it may be overtaken.</summary>
    public bool IsLate(int place) => _parcels[place].IsLate;

    /// <summary>Adds what is on its way to a hash.</summary>
    public void AddTo(StateHasher hasher, bool mirrored)
    {
        hasher.AddUnordered(Places().Select(place => (mirrored ? _parcels[place.At].MirroredHash : _parcels[place.At].Hash, place.InLink)));
    }

    /// <summary>Every message with its number on its link; 0 where it may arrive whenever.</summary>
    private IEnumerable<(int At, int InLink)> Places()
    {
        for (int i = 0; i < _parcels.Count; i++)
        {
            int inLink = 0;
            for (int j = 0; j <= i && !_parcels[i].IsLate; j++)
                inLink += !_parcels[j].IsLate && _parcels[j].IsOnLinkOf(_parcels[i]) ? 1 : 0;
            yield return (i, inLink);
        }
    }

    private TraceHash HashOf(in Message message, bool mirrored)
    {
        hasher.Begin(mirrored);
        hasher.Add(message);
        return hasher.End();
    }

    private readonly record struct Parcel(Message Message, TraceHash Hash, TraceHash MirroredHash, bool IsLate)
    {
        public bool IsOnLinkOf(in Parcel other) => Message.From == other.Message.From && Message.To == other.Message.To;
    }
}
