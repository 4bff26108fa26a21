using System.Collections.Concurrent;
using CsCheck;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Tests.Apply.Harness;

namespace ReplicatedState.Runtime.Tests.Apply;

/// <summary>Random logs, applied by a replica that lived through all of it and by replicas that were restored on the way: nobody can tell them apart.</summary>
public sealed class DeterminismTests
{
    /// <summary>Small limits, so that random logs reach every one of them.</summary>
    private static readonly SessionLimits Tight = new()
    {
        TtlMs = 300,
        SessionsMax = 4,
        WindowMax = 12,
        SessionReplyBytesMax = 400,
        ReplyBytesMax = 150,
        IdempotencyKeysMax = 6,
        TotalReplyBytesMax = 700,
    };

    private static readonly Step Open = new(EntryKind.OpenSession, [], 0, false);

    private static readonly Gen<byte[]> Commands = Gen.Frequency(
        (6, Gen.Select(Gen.Int[0, 3], Gen.Long[-5, 5]).Select((name, amount) => Tally.Add($"n{name}", amount))),
        (1, Gen.Int[0, 2].Select(code => Tally.Reject($"code{code}", "no"))),
        (1, Gen.Const(Tally.Throw("value"))),
        (2, Gen.Int[0, 200].Select(Tally.Fill)),
        (1, Gen.Const(Tally.Describe())));

    /// <summary>
    /// Everything that a log may hold. Logs begin with three sessions, and calls name few sessions and close sequences, so that retries, gaps, and sessions that
    /// are gone or not there yet are all frequent.
    /// </summary>
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (30, Gen.Select(Gen.ULong[1, 5], Gen.ULong[0, 20], Gen.ULong[0, 12], Commands)
            .Select((session, sequence, acknowledged, command) => Call(new CommandHeader { Session = session, Sequence = sequence, AcknowledgedUpTo = acknowledged }, command))),
        (8, Gen.Select(Gen.Byte[0, 9], Commands).Select((key, command) => Call(new CommandHeader { IdempotencyKey = [key] }, command))),
        (3, Commands.Select(command => Call(new CommandHeader { Caller = "alice" }, command))),
        (2, Gen.Const(Open)),
        (1, Gen.Byte[1, 5].Select(session => new Step(EntryKind.CloseSession, [session], 0, false))),
        (1, Gen.Int[0, 400].Select(elapsed => new Step(EntryKind.Tick, [], elapsed, false))),
        (1, Gen.Int[0, 400].Select(elapsed => new Step(EntryKind.NoOp, [], elapsed, true))),
        (1, Gen.Const(new Step(EntryKind.Version, [2], 0, false))));

    [Fact]
    public void A_replica_restored_at_any_point_answers_and_hashes_like_one_that_never_stopped()
    {
        var reached = new ConcurrentDictionary<ReplyStatus, bool>();
        Gen.Select(Steps.Array[1, 150], Gen.Int[1, 20]).Sample((steps, restoreEvery) =>
        {
            var lived = new Replica(Tight);
            var restored = new Replica(Tight);
            foreach (Step step in steps.Prepend(Open).Prepend(Open).Prepend(Open))
            {
                lived.NowMs += step.ElapsedMs;
                lived.Term += step.NewTerm ? 1u : 0u;
                Answer? expected = lived.Apply(step.Kind, step.Payload);
                Assert.NotNull(expected);
                reached.TryAdd(expected.Status, true);

                restored.NowMs = lived.NowMs;
                restored.Term = lived.Term;
                Assert.Equal(expected.Replicated, restored.Apply(lived.Log[^1])!.Replicated);
                Assert.Equal(lived.Machine.ApplyHash, restored.Machine.ApplyHash);
                if (lived.Machine.AppliedIndex % (ulong)restoreEvery == 0)
                    restored = restored.Restored();
            }

            Assert.Equal(lived.Machine.ComputeStateHash(), restored.Machine.ComputeStateHash());
            Assert.Equal(lived.Snapshot(), restored.Snapshot());
        }, iter: 1000);

        // Logs that never met a limit would prove nothing.
        Assert.Equal(
            [
                ReplyStatus.Ok, ReplyStatus.Rejected, ReplyStatus.Failed, ReplyStatus.Overloaded, ReplyStatus.SessionExpired,
                ReplyStatus.AlreadyAcknowledged, ReplyStatus.WindowExceeded, ReplyStatus.ReplyUnavailable,
            ],
            reached.Keys.Order());
    }

    [Fact]
    public void However_often_a_call_is_repeated_it_is_executed_at_most_once_while_its_session_lives()
    {
        Gen.Select(Gen.ULong[1, 12].Array[1, 200], Gen.Int[1, 30]).Sample((sequences, restoreEvery) =>
        {
            var replica = new Replica(new SessionLimits { WindowMax = 12 });
            ulong session = replica.OpenSession();
            for (int i = 0; i < sequences.Length; i++)
            {
                replica.Call(session, sequences[i], Tally.Add($"{sequences[i]}", 1));
                if (i % restoreEvery == 0)
                    replica = replica.Restored();
            }

            foreach (ulong sequence in sequences)
                Assert.Equal(1, replica.Total($"{sequence}"));
        }, iter: 300);
    }

    private static Step Call(CommandHeader header, byte[] command) => new(EntryKind.Command, Replica.Envelope(header, command), 1, false);

    /// <summary>An entry to be, with the log time that passes before it.</summary>
    private sealed record Step(EntryKind Kind, byte[] Payload, long ElapsedMs, bool NewTerm)
    {
        public override string ToString() => $"{Kind} {Convert.ToHexString(Payload)} +{ElapsedMs}{(NewTerm ? " new term" : "")}";
    }
}
