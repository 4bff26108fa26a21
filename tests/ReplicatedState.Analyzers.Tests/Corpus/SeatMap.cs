/// <summary>Seats of an event; neighbours are found for a group.</summary>
[ReplicatedStateMachine("seats")]
public sealed partial class SeatMap
{
    [State] private string?[] _seats = new string?[200];

    [Command]
    public int? Book(string guest, int count)
    {
        int free = 0;
        for (int seat = 0; seat < _seats.Length; seat++)
        {
            free = _seats[seat] is null ? free + 1 : 0;
            if (free < count)
                continue;
            Array.Fill(_seats, guest, seat - count + 1, count);
            return seat - count + 1;
        }

        return null;
    }

    [Command]
    public int Cancel(string guest)
    {
        int cancelled = 0;
        // PLANT RSM1003: Parallel.For(0, _seats.Length, seat => { if (_seats[seat] == guest) { _seats[seat] = null; cancelled++; } });
        for (int seat = 0; seat < _seats.Length; seat++) { if (_seats[seat] == guest) { _seats[seat] = null; cancelled++; } }
        return cancelled;
    }

    [Query]
    public int Free() => _seats.Count(seat => seat is null);
}
