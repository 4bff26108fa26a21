using ReplicatedState.Testing;
using ReplicatedState.Testing.NodeLevel;

namespace ReplicatedState.Simulation.Tests;

/// <summary>What the histories of whole nodes are checked for, with histories that no client could find wrong alone.</summary>
public sealed class NodeHistoryTests
{
    private readonly NodeHistory _history = new(clients: 2);

    [Fact]
    public void A_history_as_it_should_be_is_accepted()
    {
        Append(client: 1, number: 1, index: 10, total: 1, call: 0, end: 5);
        Append(client: 2, number: 1, index: 12, total: 2, call: 1, end: 6);
        Read(client: 1, index: 13, call: 7, end: 8, total: 2, 1, 1);
        _history.CallAppend(2, 2, 9); // no answer, not executed
        _history.CallAppend(2, 3, 20); // no answer, executed
        Execute(15, 2, 3);
        Read(client: 1, index: 15, call: 21, end: 22, total: 3, 1, 3);
        _history.Check();
        Assert.Equal(6, _history.Checked);
    }

    [Fact]
    public void Attempts_of_one_command_are_one_operation()
    {
        _history.CallAppend(1, 1, 0);
        _history.CallAppend(1, 1, 50);
        Execute(10, 1, 1);
        _history.ReturnAppend(1, 1, 60);
        _history.Check();
        Assert.Equal(1, _history.Checked);
    }

    [Fact]
    public void A_read_that_misses_another_clients_command_is_found()
    {
        Append(client: 1, number: 1, index: 10, total: 1, call: 0, end: 5);
        Append(client: 2, number: 1, index: 11, total: 2, call: 0, end: 5);
        Append(client: 2, number: 2, index: 12, total: 3, call: 6, end: 9);
        Read(client: 1, index: 11, call: 20, end: 21, total: 2, 1, 1);
        Assert.Contains("called only afterwards", Violation("I10"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_commands_with_one_answer_are_found()
    {
        Append(client: 1, number: 1, index: 10, total: 1, call: 0, end: 5);
        Append(client: 2, number: 1, index: 11, total: 1, call: 0, end: 5);
        Assert.Contains("should have been answered 2 at 11", Violation("I10"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_executed_twice_is_found()
    {
        Append(client: 1, number: 1, index: 10, total: 1, call: 0, end: 5);
        Execute(14, 1, 1);
        Assert.Contains("executed twice: at 10 and at 14", Violation("I10"), StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_that_executed_different_commands_at_an_index_are_found()
    {
        Append(client: 1, number: 1, index: 10, total: 1, call: 0, end: 5);
        Execute(10, 1, 1); // on another replica
        Execute(10, 2, 1);
        Assert.Contains("at 10 one replica executed command 1 of client 2", Violation("I6"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_differs_between_replicas_or_goes_back_is_found()
    {
        Execute(10, 1, 1, version: 2, binary: 2);
        Execute(10, 1, 1, version: 1, binary: 2);
        Assert.Contains("command 1 of client 1, by version 2", Violation("I6"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_binary_that_executes_by_a_version_that_it_lacks_is_found()
    {
        Execute(10, 1, 1, version: 2, binary: 1);
        Assert.Contains("a binary of version 1 executed command 1 of client 1, by version 2", Violation("I6"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_goes_back_along_the_log_is_found()
    {
        Execute(10, 1, 1, version: 2, binary: 2);
        Execute(11, 1, 2, version: 1, binary: 2);
        Assert.Contains("after version 2", Violation("version"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_was_refused_as_unknown_and_executed_is_found()
    {
        _history.RefuseMark(1, 3);
        _history.Execute(10, new RegisterExecution(1, 3, UpgradedRegisterMachine.MarkId, 2), binaryVersion: 2);
        Assert.Contains("although it was refused as unknown", Violation("I10"), StringComparison.Ordinal);
    }

    private void Execute(ulong index, ulong client, ulong number, int version = 1, int binary = 1) =>
        _history.Execute(index, new RegisterExecution(client, number, RegisterMachine.AppendId, version), binary);

    private void Append(ulong client, ulong number, ulong index, ulong total, long call, long end)
    {
        _history.CallAppend(client, number, call);
        Execute(index, client, number);
        _history.ReturnAppend(client, total, end);
    }

    private void Read(ulong client, ulong index, long call, long end, ulong total, ulong lastOfFirst, ulong lastOfSecond)
    {
        _history.CallRead(client, call);
        _history.ReturnRead(client, index, total, new Dictionary<ulong, ulong> { [1] = lastOfFirst, [2] = lastOfSecond }, end);
    }

    private string Violation(string invariant)
    {
        SimulationViolationException violation = Assert.Throws<SimulationViolationException>(_history.Check);
        Assert.Equal(invariant, violation.Invariant);
        return violation.Message;
    }
}
