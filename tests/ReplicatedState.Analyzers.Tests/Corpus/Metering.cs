/// <summary>Consumption of meters, summed by month.</summary>
[ReplicatedStateMachine("metering")]
public sealed partial class Metering
{
    [State] private readonly Dictionary<string, long> _readings = [];
    [State] private readonly SortedDictionary<int, long> _months = [];

    [Command]
    public long Read(string meter, long value, CommandContext context)
    {
        long before = _readings.GetValueOrDefault(meter, value);
        if (value < before)
            throw new CommandRejectedException("runs_backwards", $"Meter {meter} showed {before} before.");
        _readings[meter] = value;
        // PLANT RSM1010: int month = int.Parse(context.Now.ToString("yyyyMM"), CultureInfo.InvariantCulture);
        int month = context.Now.Year * 100 + context.Now.Month;
        _months[month] = _months.GetValueOrDefault(month) + value - before;
        return _months[month];
    }

    [Query]
    public long Consumed(int month) => _months.GetValueOrDefault(month);
}
