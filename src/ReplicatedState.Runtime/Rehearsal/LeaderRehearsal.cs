using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Transport;

namespace ReplicatedState.Runtime.Rehearsal;

/// <summary>
/// A dry run of the leader's path: election, proposals, frames, commit and apply of a group that exists only in memory, a failover included. A node that becomes leader has
/// often never been one in this process, and the just-in-time compiler would take its share of the very moment in which nobody serves.
/// </summary>
/// <remarks>Touches no disk, network, clock or machine of the user's. Works on the caller's thread and returns when it is done.</remarks>
public static class LeaderRehearsal
{
    private const int Replicas = 3;
    private const int TicksMax = 1_000;

    /// <summary>Enough calls for the runtime to find the methods hot (30), on both leaders.</summary>
    private const int TurnsPerLeader = 40;

    /// <summary>Plays it through and returns how many commands were applied, on all replicas together.</summary>
    public static int Run()
    {
        using InvariantCultureScope culture = InvariantCultureScope.Enter();
        var sent = new Queue<(RaftId To, FrameBuffer Frame)>();
        RaftId[] ids = [.. Enumerable.Range(1, Replicas).Select(static i => new RaftId((ulong)i))];
        Configuration members = Configuration.Of(ids);
        RehearsalReplica[] cast = [.. ids.Select(id => new RehearsalReplica(id, members, sent))];
        RehearsalReplica?[] replicas = [.. cast];
        long nowMs = 1;
        ulong sequence = 1;
        RehearsalReplica first = Reign();
        replicas[Array.IndexOf(replicas, first)] = null;
        RehearsalReplica second = Reign();
        Invariant.Holds(first.Reads == TurnsPerLeader && second.Reads == TurnsPerLeader, "the rehearsal's reads were confirmed");
        foreach (RehearsalReplica replica in cast)
            replica.Dispose();
        return cast.Sum(static replica => replica.Commands);

        RehearsalReplica Reign()
        {
            RehearsalReplica? leader = null;
            for (int ticks = 0; leader is null; ticks++)
            {
                Invariant.Holds(ticks < TicksMax, "the rehearsal's replicas elect a leader");
                TickAll();
                leader = replicas.FirstOrDefault(static replica => replica is { Leads: true });
            }

            for (int turn = 0; turn < TurnsPerLeader; turn++, sequence += 16)
            {
                leader.Lead(sequence);
                Deliver();
                TickAll();
            }

            return leader;
        }

        void TickAll()
        {
            nowMs += 50;
            foreach (RehearsalReplica? replica in replicas)
            {
                replica?.Tick(nowMs);
                Deliver();
            }
        }

        void Deliver()
        {
            while (sent.TryDequeue(out (RaftId To, FrameBuffer Frame) next))
            {
                using (next.Frame)
                    replicas[next.To.Value - 1]?.Receive(next.Frame);
            }
        }
    }
}
