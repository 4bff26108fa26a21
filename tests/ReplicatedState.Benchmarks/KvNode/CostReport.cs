using System.Globalization;
using System.Runtime;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Node;

namespace ReplicatedState.Benchmarks;

/// <summary>What the process has spent since the last report, by the runtime's own counters: nothing is counted on the way of a command.</summary>
/// <remarks>All of the process is in it: the node, the front that speaks the load generator's protocol, and both servers.</remarks>
internal sealed class CostReport(ReplicatedNode node)
{
    private readonly Lock _gate = new();
    private Counters _last = Counters.Of(node);

    /// <summary>One line; the next report begins here.</summary>
    public string Next()
    {
        lock (_gate)
        {
            Counters now = Counters.Of(node);
            Counters last = _last;
            _last = now;
            ulong entries = now.Applied - last.Applied;
            double perEntry = (now.AllocatedBytes - last.AllocatedBytes) / (double)Math.Max(entries, 1);
            double cpuUs = (now.Cpu - last.Cpu).TotalMicroseconds / Math.Max(entries, 1);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"cost: role {now.Role}, entries applied {entries}, allocated {perEntry:F0} B/entry, cpu {cpuUs:F1} us/entry, "
                + $"gen0 {now.Gen0 - last.Gen0}, gen1 {now.Gen1 - last.Gen1}, gen2 {now.Gen2 - last.Gen2}, "
                + $"lock contentions {now.Contentions - last.Contentions}, pool items {(now.PoolItems - last.PoolItems) / (double)Math.Max(entries, 1):F2}/entry, "
                + $"jit {now.JitMethods - last.JitMethods} methods in {(now.JitTime - last.JitTime).TotalMilliseconds:F0} ms");
        }
    }

    private readonly record struct Counters(
        RaftRole? Role, ulong Applied, long AllocatedBytes, TimeSpan Cpu, int Gen0, int Gen1, int Gen2, long Contentions, long PoolItems,
        long JitMethods, TimeSpan JitTime)
    {
        public static Counters Of(ReplicatedNode node)
        {
            GroupStatus? group = node.Status.Groups.FirstOrDefault(static group => group.Group != GroupId.System);
            return new Counters(
                group?.Role, group?.Applied ?? 0, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime,
                GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), Monitor.LockContentionCount, ThreadPool.CompletedWorkItemCount,
                JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime());
        }
    }
}
