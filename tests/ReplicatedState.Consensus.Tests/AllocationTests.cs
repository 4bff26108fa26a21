using ReplicatedState.Consensus.Tests.Harness;

namespace ReplicatedState.Consensus.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void A_leader_proposes_replicates_commits_and_reads_without_allocating()
    {
        var log = new RingLog();
        var core = new RaftCore(new CoreConfig { Self = new RaftId(1), PreVote = false }, new PersistedState(new HardState(1, RaftId.None, 1), 1), log, new SplitMixRng(1));
        var effects = new Effects();
        core.Clock = new ClockReading(1, 1);
        core.Campaign();
        Pump(core, log, effects);
        core.Step(new Message { Kind = MessageKind.VoteResponse, From = new RaftId(2), To = new RaftId(1), Term = 2 });
        Pump(core, log, effects);
        var batch = new ProposalData[16];
        Array.Fill(batch, new ProposalData(EntryKind.Command, Payload.Of(new byte[100])));
        for (int warmup = 0; warmup < 200; warmup++)
            Cycle(core, log, effects, batch, (ulong)warmup);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Cycle(core, log, effects, batch, (ulong)i + 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(log.LastIndex, core.Status.HardState.Commit);
        Assert.Equal(0, allocated);
    }

    private static void Cycle(RaftCore core, RingLog log, Effects effects, ProposalData[] batch, ulong sequence)
    {
        ProposeResult result = core.Propose(batch);
        if (result.Outcome != ProposeOutcome.Accepted)
            throw new InvalidOperationException($"The leader refused a batch: {result}.");
        core.RequestRead(new ReadContext(new RaftId(1), 1, sequence));
        Pump(core, log, effects);
        for (ulong follower = 2; follower <= 3; follower++)
            core.Step(new Message { Kind = MessageKind.AppendResponse, From = new RaftId(follower), To = new RaftId(1), Term = 2, Log = new LogPosition(log.LastIndex, 0), WallClockMs = 5 });
        Pump(core, log, effects);
    }

    private static void Pump(RaftCore core, RingLog log, Effects effects)
    {
        while (core.HasEffects)
        {
            ulong token = 0;
            core.TakeEffects(effects);
            ulong through = effects.ApplyThrough;
            if (effects.Persist is { } operation)
            {
                log.Write(operation);
                token = operation.Token;
            }

            // A follower that answers every round keeps the reads from piling up.
            foreach (Message message in effects.SendNow)
            {
                if (message is { Kind: MessageKind.Heartbeat, To.Value: 2 })
                    core.Step(new Message { Kind = MessageKind.HeartbeatResponse, From = message.To, To = message.From, Term = message.Term, ReadRound = message.ReadRound });
            }

            if (through > 0)
                core.OnApplied(through);
            if (token > 0)
                core.OnPersisted(token);
        }
    }
}
