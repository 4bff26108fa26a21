using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Tests.Apply.Harness;
using Xunit.Abstractions;

namespace ReplicatedState.Runtime.Tests.Apply;

/// <summary>Applying costs the garbage collector nothing but what the user's command makes.</summary>
public sealed class AllocationTests(ITestOutputHelper output) : IApplyObserver
{
    private const int Warmup = 20_000;
    private const int Measured = 50_000;
    private ulong _answered;

    [Fact]
    public void A_command_in_a_session_allocates_nothing()
    {
        GroupMachine machine = Machine();
        Apply(machine, EntryKind.OpenSession, default);
        AssertFree(machine, ahead => new CommandHeader { Session = 1, Sequence = ahead, AcknowledgedUpTo = ahead > 64 ? ahead - 64 : 0, Caller = "alice" });
    }

    [Fact]
    public void A_command_under_an_idempotency_key_allocates_nothing_once_the_table_has_grown()
    {
        GroupMachine machine = Machine(new SessionLimits { TtlMs = 1000 });
        byte[] key = new byte[16];
        AssertFree(machine, ahead =>
        {
            BitConverter.TryWriteBytes(key, ahead);
            return new CommandHeader { IdempotencyKey = key };
        });
    }

    [Fact]
    public void A_command_with_neither_allocates_nothing() => AssertFree(Machine(), _ => default);

    [Fact]
    public void A_batch_of_commands_allocates_nothing() => AssertFree(Machine(), _ => default, EncodedBatch.Of(Counter.Increment, Counter.Increment, Counter.Increment));

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply)
    {
        if (reply.Status == ReplyStatus.Ok)
            _answered++;
    }

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply) => Assert.Fail("no timer is set");

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => throw exception;

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => Assert.Fail(reason);

    private delegate CommandHeader HeaderOf(ulong number);

    private void AssertFree(GroupMachine machine, HeaderOf headerOf, byte[]? call = null)
    {
        byte[] command = call ?? Counter.Increment;
        byte[] payload = new byte[256];
        var slab = new PayloadSlab(payload);
        ulong number = 0;
        for (int i = 0; i < Warmup; i++)
            Next();

        ulong answeredBefore = _answered;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Measured; i++)
            Next();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{(double)allocated / Measured:F3} bytes per command");
        Assert.Equal((ulong)Measured, _answered - answeredBefore);
        Assert.True(allocated < Measured / 10, $"{allocated} bytes for {Measured} commands");

        void Next()
        {
            CommandHeader header = headerOf(++number);
            int size = header.Write(payload);
            command.CopyTo(payload, size);
            Apply(machine, EntryKind.Command, new Payload(slab, 0, size + command.Length));
        }
    }

    private GroupMachine Machine(SessionLimits? limits = null) =>
        new(new GroupId(1), StateMachineDefinition.Of<Counter>(), new GroupGenesis(1, 1, limits ?? SessionLimits.Default), this);

    private static void Apply(GroupMachine machine, EntryKind kind, Payload payload) =>
        machine.Apply(new Entry(machine.AppliedIndex + 1, 1, kind, 1_000_000 + (long)machine.AppliedIndex, payload));
}
