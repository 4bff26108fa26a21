using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class BankExecutionTests
{
    private readonly LocalChannel<Bank> _channel = new();
    private readonly IBankClient _bank;

    public BankExecutionTests() => _bank = (IBankClient)StateMachineDefinition.Of<Bank>().CreateClient(_channel);

    [Fact]
    public async Task A_typed_client_executes_commands_and_reads_their_results()
    {
        await _bank.OpenAsync("ada", 100);
        await _bank.OpenAsync("bob");

        TransferResult result = await _bank.TransferAsync("ada", "bob", 30, "rent");

        Assert.Equal(new TransferResult(70, "rent"), result);
        Assert.Equal(30, await _bank.BalanceAsync("bob"));
        Assert.Equal(ReadConsistency.Linearizable, _channel.LastConsistency);
        Assert.Equal(100, await _bank.TotalAsync());
        Assert.Equal(ReadConsistency.Local, _channel.LastConsistency);
    }

    [Fact]
    public async Task A_typed_client_with_an_idempotency_key_sends_its_calls_through_a_channel_with_that_key()
    {
        IBankClient keyed = _bank.WithIdempotencyKey("order-17");
        await keyed.OpenAsync("ada", 100);

        Assert.NotSame(_bank, keyed);
        Assert.Equal("order-17", _channel.LastKey);
        Assert.Equal(100, await _bank.BalanceAsync("ada"));
    }

    [Fact]
    public async Task What_a_command_throws_leaves_apply_as_it_is()
    {
        await _bank.OpenAsync("ada", 10);

        var error = await Assert.ThrowsAsync<CommandRejectedException>(async () => await _bank.TransferAsync("ada", "bob", 11));

        Assert.Equal("insufficient_funds", error.RejectionCode);
    }

    [Fact]
    public async Task A_restored_machine_has_the_state_and_the_hash_of_the_one_that_lived()
    {
        await _bank.OpenAsync("ada", 100);
        await _bank.OpenAsync("bob");
        await _bank.CloseAsync("bob");
        await _bank.OpenAsync("cyd", 5);

        Bank restored = LocalChannel<Bank>.Restore(_channel.Snapshot());

        Assert.Equal(((IStateMachine)_channel.Machine).ComputeStateHash(version: 2), ((IStateMachine)restored).ComputeStateHash(version: 2));
        Assert.Equal(105, restored.Total());
        await _bank.OpenAsync("dan", 1);
        Assert.NotEqual(((IStateMachine)_channel.Machine).ComputeStateHash(version: 2), ((IStateMachine)restored).ComputeStateHash(version: 2));
    }

    [Fact]
    public void The_interface_of_the_client_is_what_hosting_registers() =>
        Assert.Equal(typeof(IBankClient), StateMachineDefinition.Of<Bank>().ClientType);
}
