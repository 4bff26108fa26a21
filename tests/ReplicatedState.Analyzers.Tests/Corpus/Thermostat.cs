/// <summary>Readings of sensors, in tenths of a degree, and what the heating should do.</summary>
[ReplicatedStateMachine("thermostat")]
public sealed partial class Thermostat
{
    [State] private readonly Dictionary<string, int> _tenths = [];
    [State] private int _target = 200;
    [State] private bool _heating;

    /// <summary>What the display shows; a test reads it.</summary>
    // PLANT RSM2007: [State] public int Reports { get; set; }
    [State] public int Reports { get; private set; }

    [Command]
    public bool Report(string sensor, double celsius)
    {
        Reports++;
        _tenths[sensor] = (int)Math.Round(celsius * 10);
        // PLANT RSM1008: double mean = _tenths.Values.Select(tenths => tenths / 10.0).Average();
        double mean = _tenths.Values.Average();
        _heating = mean < (_heating ? _target + 5 : _target - 5);
        return _heating;
    }

    [Command]
    public void Aim(int tenths) => _target = tenths;

    [Query]
    public bool IsHeating() => _heating;
}
