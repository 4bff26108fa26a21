using BankSample;
using ReplicatedState.Consensus;
using ReplicatedState.Runtime.Apply;
using ReplicatedState.Runtime.Requests;
using ReplicatedState.Runtime.Storage;

namespace ReplicatedState.Integration.Nodes;

public sealed class SnapshotInspectionTests : IApplyObserver, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bank-snapshot-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_snapshot_says_where_it_stands_and_which_names_its_machine_had_and_a_damaged_one_that_it_is()
    {
        string path = Write();
        (int exitCode, string said) = await Rsctl.RunAsync("snapshot", "inspect", path);
        Assert.True(exitCode == 0, said);
        Assert.Contains("machine   'bank', version 1 in effect, written by a binary of version 1", said, StringComparison.Ordinal);
        Assert.Contains("behind    entry 1 of term 3, log time 2023-11-14T22:13:20", said, StringComparison.Ordinal);
        foreach (ManifestMember member in StateMachineDefinition.Of<Bank>().Manifest is var bank ? bank.Commands.Concat(bank.Events).Concat(bank.State) : [])
            Assert.Contains($"0x{member.Id:X8}  {member.Name}", said, StringComparison.Ordinal);

        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        (exitCode, said) = await Rsctl.RunAsync("snapshot", "inspect", path);
        Assert.Equal(1, exitCode);
        Assert.Contains("The snapshot is damaged", said, StringComparison.Ordinal);
        (exitCode, said) = await Rsctl.RunAsync("snapshot", "inspect", path + ".gone");
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no file", said, StringComparison.Ordinal);
        Assert.Equal(2, (await Rsctl.RunAsync("snapshot", "inspect")).ExitCode);
    }

    void IApplyObserver.OnApplied(ulong index, ulong term, in NodeReply reply)
    {
    }

    void IApplyObserver.OnTimerFired(ulong index, TimerId timer, in NodeReply reply) => Assert.Fail("no timer is set");

    void IApplyObserver.OnCommandFailed(ulong index, Exception exception) => throw exception;

    void IApplyObserver.OnHalted(ulong index, string reason, Exception? cause) => Assert.Fail(reason);

    private string Write()
    {
        Thread.CurrentThread.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
        var machine = new GroupMachine(new GroupId(1), StateMachineDefinition.Of<Bank>(), new GroupGenesis(7, 1, SessionLimits.Default), this);
        Assert.True(machine.Apply(new Entry(1, 3, EntryKind.NoOp, 1_700_000_000_000, Payload.Empty)));
        var header = new SnapshotHeader(Guid.NewGuid(), new GroupId(1), new SnapshotMeta(1, 3, Configuration.Empty, 0, machine.LogTimeMs), "bank", 1);
        using SnapshotWriter writer = new SnapshotStore(LocalDisk.ForThisSystem(), _directory).Create(header);
        machine.WriteSnapshot(writer);
        return writer.Complete().Path;
    }
}
