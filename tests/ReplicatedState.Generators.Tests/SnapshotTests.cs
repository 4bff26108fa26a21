using MessagePack;
using ReplicatedState.Generators.Parsing;
using ReplicatedState.Generators.Tests.Machines;

namespace ReplicatedState.Generators.Tests;

public sealed class SnapshotTests
{
    private readonly LocalChannel<Everything> _channel = new();
    private readonly EverythingClient _client;

    public SnapshotTests() => _client = new EverythingClient(_channel);

    [Fact]
    public async Task A_restored_machine_hashes_and_snapshots_like_the_one_that_lived()
    {
        await FillAsync();

        Everything restored = LocalChannel<Everything>.Restore(_channel.Snapshot());

        Assert.Equal(Hash(_channel.Machine), Hash(restored));
        Assert.Equal(_channel.Machine.Count, restored.Count);
        Assert.Equal(_channel.Machine.Stacked, restored.Stacked);
        Everything again = LocalChannel<Everything>.Restore(LocalChannel<Everything>.Snapshot(restored));
        Assert.Equal(Hash(restored), Hash(again));
    }

    [Fact]
    public async Task The_comparers_of_field_initializers_survive()
    {
        await FillAsync();

        Everything restored = LocalChannel<Everything>.Restore(_channel.Snapshot());

        Assert.Same(StringComparer.OrdinalIgnoreCase, restored.Comparer);
        Assert.Equal("987654321", restored.Backwards);
    }

    [Fact]
    public void A_machine_that_has_done_nothing_is_restored_with_its_nulls()
    {
        Everything restored = LocalChannel<Everything>.Restore(_channel.Snapshot());

        Assert.Equal(Hash(new Everything()), Hash(restored));
    }

    [Fact]
    public void The_hash_does_not_depend_on_the_order_of_unordered_collections()
    {
        var first = new LocalChannel<Everything>();
        var second = new LocalChannel<Everything>();
        foreach (int seed in Enumerable.Range(1, 9))
            Fill(first, seed);
        Drop(first, 3);
        Drop(first, 5);
        Fill(first, 3);
        foreach (int seed in Enumerable.Range(1, 9))
            Fill(second, seed);
        Drop(second, 5);
        Drop(second, 3);
        Fill(second, 3);

        Assert.Equal(Hash(first.Machine), Hash(second.Machine));
    }

    [Fact]
    public void The_hash_depends_on_the_order_of_ordered_collections()
    {
        var first = new LocalChannel<Everything>();
        var second = new LocalChannel<Everything>();
        Fill(first, 1);
        Fill(first, 2);
        Fill(second, 2);
        Fill(second, 1);

        Assert.NotEqual(Hash(first.Machine), Hash(second.Machine));
    }

    [Fact]
    public void An_unknown_key_is_refused()
    {
        byte[] snapshot = Wire.Bytes((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write(77);
            writer.WriteNil();
        });

        var error = Assert.Throws<InvalidSnapshotException>(() => LocalChannel<Everything>.Restore(snapshot));
        Assert.StartsWith("The snapshot of 'everything' holds the key 77, which no [State] member of version 3 has.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_is_refused_unless_the_snapshot_is_older_than_the_member()
    {
        byte[] snapshot = BankSnapshot("_balances");

        Bank restored = LocalChannel<Bank>.Restore(snapshot, version: 1);
        Assert.Equal(0, restored.Total());
        var error = Assert.Throws<InvalidSnapshotException>(() => LocalChannel<Bank>.Restore(snapshot, version: 2));
        Assert.StartsWith("The snapshot of 'bank' was written at version 2 and lacks the state '_transfers', which exists since version 2.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_of_a_version_that_is_not_in_effect_is_neither_saved_nor_hashed()
    {
        var channel = new LocalChannel<Bank>();
        var bank = new BankClient(channel);
        await bank.OpenAsync("ada", 100);

        byte[] snapshot = LocalChannel<Bank>.Snapshot(channel.Machine, version: 1);
        Assert.Equal(1, new MessagePackReader(snapshot).ReadMapHeader());
        Assert.Equal(2, new MessagePackReader(channel.Snapshot()).ReadMapHeader());

        IStateMachine whole = channel.Machine;
        IStateMachine restored = LocalChannel<Bank>.Restore(snapshot, version: 1);
        Assert.Equal(whole.ComputeStateHash(version: 1), restored.ComputeStateHash(version: 1));
        Assert.NotEqual(whole.ComputeStateHash(version: 2), restored.ComputeStateHash(version: 2));
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused()
    {
        var error = Assert.Throws<InvalidSnapshotException>(() => LocalChannel<Bank>.Restore(BankSnapshot("_balances", "_balances")));
        Assert.Equal("The snapshot of 'bank' holds the state '_balances' twice.", error.Message);
    }

    [Fact]
    public void A_value_that_can_not_be_decoded_is_refused_by_name()
    {
        byte[] snapshot = Wire.Bytes((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write(MemberIdentity.Of("_balances", 0));
            writer.Write("nonsense");
        });

        var error = Assert.Throws<InvalidSnapshotException>(() => LocalChannel<Bank>.Restore(snapshot));
        Assert.StartsWith("The state '_balances' in the snapshot of 'bank' can't be decoded: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nil_does_not_pass_for_a_read_only_collection()
    {
        byte[] snapshot = Wire.Bytes((ref MessagePackWriter writer) =>
        {
            writer.WriteMapHeader(1);
            writer.Write(MemberIdentity.Of("_balances", 0));
            writer.WriteNil();
        });

        Assert.Throws<InvalidSnapshotException>(() => LocalChannel<Bank>.Restore(snapshot));
    }

    private static byte[] BankSnapshot(params string[] members) => Wire.Bytes((ref MessagePackWriter writer) =>
    {
        writer.WriteMapHeader(members.Length);
        foreach (string member in members)
        {
            writer.Write(MemberIdentity.Of(member, 0));
            writer.WriteMapHeader(0);
        }
    });

    private static UInt128 Hash(IStateMachine machine) => machine.ComputeStateHash(version: 2);

    private static void Fill(LocalChannel<Everything> channel, int seed) =>
        channel.Apply(Wire.Call("Fill", 1, (ref MessagePackWriter writer) => writer.Write(seed)));

    private static void Drop(LocalChannel<Everything> channel, int seed) =>
        channel.Apply(Wire.Call("Drop", 1, (ref MessagePackWriter writer) => writer.Write(seed)));

    private async Task FillAsync()
    {
        await _client.KeepAsync(Samples.Scalars, Samples.Collections, Samples.Objects);
        for (int seed = 1; seed < 10; seed++)
            await _client.FillAsync(seed);
        await _client.DropAsync(4);
    }
}
