/// <summary>Rooms that are booked by the hour.</summary>
[ReplicatedStateMachine("calendar")]
public sealed partial class Calendar
{
    [State] private readonly Dictionary<string, SortedDictionary<DateTime, string>> _rooms = [];

    [Command]
    public bool Book(string room, DateTime hour, string who)
    {
        if (!_rooms.TryGetValue(room, out SortedDictionary<DateTime, string>? bookings))
            _rooms.Add(room, bookings = []);
        // PLANT RSM1012: return bookings.TryAdd(hour.ToUniversalTime().Date.AddHours(hour.Hour), who);
        return bookings.TryAdd(hour.Date.AddHours(hour.Hour), who);
    }

    [Command]
    public int Cancel(string who)
    {
        int cancelled = 0;
        foreach (SortedDictionary<DateTime, string> bookings in _rooms.Values)
        {
            foreach (DateTime hour in bookings.Where(pair => pair.Value == who).Select(pair => pair.Key).ToList())
            {
                bookings.Remove(hour);
                cancelled++;
            }
        }

        return cancelled;
    }

    [Query]
    public string? Who(string room, DateTime hour) => _rooms.TryGetValue(room, out SortedDictionary<DateTime, string>? bookings) ? bookings.GetValueOrDefault(hour) : null;
}
