using System.Diagnostics;
using ReplicatedState.Chaos.Cluster;
using ReplicatedState.Chaos.Node;

namespace ReplicatedState.Chaos.Faults;

/// <summary>The wall clock of a node is set, by seconds or hours, forward or back, runs too fast or too slow, or stands still; then it is right again. One clock at a time, which the others outvote.</summary>
internal sealed class ClockFault(ChaosCluster cluster, Action<string> say) : IFault
{
    private static readonly TimeSpan StepMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StepMax = TimeSpan.FromHours(6);

    /// <summary>Long enough for a leader to notice also what begins small.</summary>
    private static readonly TimeSpan LengthMin = (2 * RegisterNode.ElectionTimeoutMax) + TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LengthMax = TimeSpan.FromSeconds(8);

    /// <summary>So often a clock that drifts is moved on, and it is looked whether a leader has noticed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A leader that can't hear a node goes on counting with what that node's clock showed last. So long a link may be held up, and the first word behind it takes a moment.
    /// </summary>
    private static readonly TimeSpan ReadingsSettle = TimeSpan.FromSeconds(6) + RegisterNode.ElectionTimeoutMax;

    private bool _isLater;

    public FaultKind Kind => FaultKind.Clock;

    public async Task<bool> InflictAsync(Random random, CancellationToken stop)
    {
        // Another clock goes wrong only when nobody counts on this one's old readings any more, whether a leader had noticed or not: two wrong ones could outvote the third.
        if (_isLater)
            await Task.Delay(ReadingsSettle, stop);
        _isLater = true;
        (NodeProcess victim, string role) = await Victim.ChooseAsync(cluster, random, stop);
        NodeClock clock = victim.Clock!;
        TimeSpan length = LengthMin + ((LengthMax - LengthMin) * random.NextDouble());
        int sign = random.Next(2) == 0 ? 1 : -1;
        double rate = 0;
        switch (random.Next(3))
        {
            case 0:
                TimeSpan step = sign * StepMin * Math.Pow(StepMax / StepMin, random.NextDouble());
                say($"the clock of {victim.Name}, {role}, is set by {step.TotalSeconds:0} s for {length.TotalSeconds:0.0} s");
                clock.Set(step);
                break;
            case 1:
                rate = sign * (0.4 + (0.5 * random.NextDouble()));
                say($"the clock of {victim.Name}, {role}, runs at {1 + rate:0.00} times its speed for {length.TotalSeconds:0.0} s");
                break;
            default:
                say($"the clock of {victim.Name}, {role}, stands still for {length.TotalSeconds:0.0} s");
                clock.Freeze();
                break;
        }

        bool noticed = false;
        try
        {
            for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < length;)
            {
                await Task.Delay(Interval, stop);
                if (rate != 0)
                    clock.Set(rate * Stopwatch.GetElapsedTime(began));
                noticed |= (await cluster.LookAsync(stop)).Any(view => view?.ClockAlarm?.Contains($"that of {victim.Name} is", StringComparison.Ordinal) == true);
            }
        }
        finally
        {
            clock.Set(TimeSpan.Zero);
            say($"the clock of {victim.Name} is right again{(noticed ? ", and a leader had raised the alarm" : "")}");
        }

        while ((await cluster.LookAsync(stop)).Any(view => view?.ClockAlarm is not null))
            await Task.Delay(Interval, stop);
        return noticed;
    }
}
