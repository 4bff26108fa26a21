/// <summary>Vehicles and their last known places, in millionths of a degree.</summary>
[ReplicatedStateMachine("fleet")]
public sealed partial class Fleet
{
    [State] private readonly Dictionary<string, Position> _vehicles = [];

    [Command]
    public void Move(string vehicle, int latitude, int longitude, CommandContext context) => _vehicles[vehicle] = new Position(latitude, longitude, context.Index);

    [Command]
    public string? Dispatch(int latitude, int longitude)
    {
        string? nearest = null;
        // PLANT RSM1008: foreach ((string vehicle, Position at) in _vehicles) { if (Distance(at, latitude, longitude) < 1_000_000) { nearest = vehicle; break; } }
        foreach ((string vehicle, Position at) in _vehicles.OrderBy(pair => pair.Key, StringComparer.Ordinal)) { if (Distance(at, latitude, longitude) < 1_000_000) { nearest = vehicle; break; } }
        return nearest;
    }

    [Query]
    public Position? Where(string vehicle) => _vehicles.GetValueOrDefault(vehicle);

    private static long Distance(Position at, int latitude, int longitude)
    {
        long north = at.Latitude - latitude;
        long east = at.Longitude - longitude;
        return north * north + east * east;
    }
}

public sealed record Position(int Latitude, int Longitude, ulong Index);
