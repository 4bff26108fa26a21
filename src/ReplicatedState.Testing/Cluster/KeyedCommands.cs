using System.Globalization;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Testing.Histories;

namespace ReplicatedState.Testing.Cluster;

/// <summary>The calls and executions of a run that have to fit each other, after what idempotency keys excuse.</summary>
/// <remarks>
/// A command under a key that another one used before gets that one's answer and isn't executed. And a group keeps a key for its time to live, in log time: where the clocks of a majority jump ahead by more
/// than that, a call that is still repeated is executed again.
/// </remarks>
internal sealed class KeyedCommands
{
    /// <summary>Sorts them out.</summary>
    /// <param name="calls">All calls.</param>
    /// <param name="executed">Every entry that was executed for a call, by index.</param>
    /// <exception cref="SimulationViolationException">A key's commands were executed twice within its time to live, or one got another answer than that of the execution.</exception>
    public KeyedCommands(IReadOnlyList<UserCall> calls, IEnumerable<(CommandStamp Stamp, CallName Caller)> executed)
    {
        (CommandStamp Stamp, CallName Caller)[] all = [.. executed];
        ILookup<(int, ulong), CommandStamp> byCaller = all.ToLookup(e => (e.Caller.Number, e.Caller.Serial), e => e.Stamp);
        var droppedCalls = new HashSet<UserCall>();
        var droppedIndexes = new HashSet<ulong>();
        foreach (IGrouping<string, UserCall> keyed in calls.Where(call => call is { Key: not null, IsQuery: false }).GroupBy(call => call.Key!, StringComparer.Ordinal))
        {
            CommandStamp[] executions = [.. keyed.SelectMany(ExecutionsOf).OrderBy(stamp => stamp.Index)];
            CheckDistances(keyed.Key, executions);
            if (executions.Length == 0)
                continue;
            foreach (UserCall call in keyed)
            {
                // An answer is that of the key's last execution before it, be it the call's own or another's. Of a call without an answer the last one counts.
                ulong[] own = [.. ExecutionsOf(call).Select(stamp => stamp.Index)];
                ulong counts = call.Reply is null ? own.LastOrDefault() : executions.LastOrDefault(stamp => stamp.Index <= call.Index).Index;
                droppedIndexes.UnionWith(own.Where(index => index != counts));
                if (own.Contains(counts))
                    continue;
                droppedCalls.Add(call);
                if (call.Reply is { Status: not ReplyStatus.ReplyUnavailable } reply && keyed.Select(other => other.RightAt(counts)).FirstOrDefault(right => right is not null) is { } right && !right.Equals(reply))
                    throw new SimulationViolationException("history", string.Create(CultureInfo.InvariantCulture, $"{call.Name} under the key '{keyed.Key}' was answered {reply}, and the command under it was executed at {counts} and answered {right}"));
            }
        }

        Calls = [.. calls.Where(call => !droppedCalls.Contains(call))];
        Executed = [.. all.Where(e => !droppedIndexes.Contains(e.Stamp.Index)).Select(e => new ExecutedCommand(e.Stamp.Index, e.Caller.Number, e.Caller.Serial))];

        IEnumerable<CommandStamp> ExecutionsOf(UserCall call) => byCaller[(call.Name.Number, call.Name.Serial)];
    }

    /// <summary>The calls without those that a key had answered by another one's execution.</summary>
    public IReadOnlyList<UserCall> Calls { get; }

    /// <summary>The executions without those that a forgotten key excuses.</summary>
    public IReadOnlyList<ExecutedCommand> Executed { get; }

    private static void CheckDistances(string key, CommandStamp[] executions)
    {
        foreach ((CommandStamp first, CommandStamp second) in executions.Zip(executions.Skip(1)))
        {
            double apartMs = (second.Now - first.Now).TotalMilliseconds;
            if (apartMs < SessionLimits.Default.TtlMs)
                throw new SimulationViolationException("history", string.Create(CultureInfo.InvariantCulture, $"commands under the key '{key}' were executed twice: at {first.Index} and at {second.Index}, {apartMs} ms of log time apart, and the key is kept for {SessionLimits.Default.TtlMs} ms"));
        }
    }
}
